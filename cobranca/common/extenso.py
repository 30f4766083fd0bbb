"""Amounts of money in words, as contracts and receipts write them."""

from decimal import Decimal

_SMALL = (
    "zero um dois três quatro cinco seis sete oito nove dez onze doze treze quatorze quinze "
    "dezesseis dezessete dezoito dezenove"
).split()
_TENS = "- - vinte trinta quarenta cinquenta sessenta setenta oitenta noventa".split()
_HUNDREDS = (
    "- cento duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos novecentos"
).split()
_SCALES = (("", ""), ("mil", "mil"), ("milhão", "milhões"), ("bilhão", "bilhões"))
LARGEST = Decimal("999999999999.99")


def money_in_words(amount: Decimal) -> str:
    """Write an amount up to 999.999.999.999,99: mil duzentos e trinta e quatro reais e um centavo.

    Between orders: "e" before a last one below a hundred or of whole hundreds, nothing after
    "mil", a comma elsewhere (Cunha & Cintra). Raises ValueError for what is no such amount.
    """
    if not 0 <= amount <= LARGEST or amount != round(amount, 2):
        raise ValueError(f"not an amount of money: {amount}")
    whole, cents = divmod(int(amount * 100), 100)
    parts = [_counted(whole, "real", "reais")] if whole or not cents else []
    if cents:
        parts.append(_counted(cents, "centavo", "centavos"))
    return " e ".join(parts)


def _counted(number: int, one: str, many: str) -> str:
    of = "de " if number and number % 1_000_000 == 0 else ""
    return f"{number_in_words(number)} {of}{one if number < 2 else many}"


def number_in_words(number: int) -> str:
    """Write a whole number from 0 to 999.999.999.999."""
    orders = [(scale, number // 1000**scale % 1000) for scale in (3, 2, 1, 0)]
    present = [(scale, group) for scale, group in orders if group]
    words = ""
    for place, (scale, group) in enumerate(present):
        is_last = place == len(present) - 1
        if words and is_last and (group < 100 or group % 100 == 0):
            words += " e "
        elif words:
            words += " " if present[place - 1][0] == 1 else ", "
        words += _order(scale, group)
    return words or _SMALL[0]


def _order(scale: int, group: int) -> str:
    name = _SCALES[scale][group > 1]
    if scale == 1 and group == 1:
        return name  # mil, not "um mil"
    return f"{_below_thousand(group)} {name}".rstrip()


def _below_thousand(number: int) -> str:
    if number == 100:
        return "cem"
    hundreds, rest = divmod(number, 100)
    tens, units = divmod(rest, 10)
    words = [_HUNDREDS[hundreds]] if hundreds else []
    if 0 < rest < 20:
        words.append(_SMALL[rest])
    elif rest:
        words += [_TENS[tens], *([_SMALL[units]] if units else [])]
    return " e ".join(words)
