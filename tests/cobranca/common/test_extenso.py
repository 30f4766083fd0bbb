import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cobranca.common.extenso import LARGEST, money_in_words, number_in_words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "zero real"),
        ("0.01", "um centavo"),
        ("0.02", "dois centavos"),
        ("0.16", "dezesseis centavos"),
        ("0.99", "noventa e nove centavos"),
        ("1", "um real"),
        ("1.01", "um real e um centavo"),
        ("1.50", "um real e cinquenta centavos"),
        ("2.00", "dois reais"),
        ("14", "quatorze reais"),
        ("20", "vinte reais"),
        ("21", "vinte e um reais"),
        ("100", "cem reais"),
        ("101", "cento e um reais"),
        ("110.10", "cento e dez reais e dez centavos"),
        ("199", "cento e noventa e nove reais"),
        ("200", "duzentos reais"),
        ("615.48", "seiscentos e quinze reais e quarenta e oito centavos"),
        ("1000", "mil reais"),
        ("1000.01", "mil reais e um centavo"),
        ("1001", "mil e um reais"),
        ("1020", "mil e vinte reais"),
        ("1100", "mil e cem reais"),
        ("1101", "mil cento e um reais"),
        ("1234.56", "mil duzentos e trinta e quatro reais e cinquenta e seis centavos"),
        ("2000", "dois mil reais"),
        ("2500", "dois mil e quinhentos reais"),
        ("10000", "dez mil reais"),
        ("17116.85", "dezessete mil cento e dezesseis reais e oitenta e cinco centavos"),
        (
            "293572",
            "duzentos e noventa e três mil quinhentos e setenta e dois reais",
        ),
        ("100000", "cem mil reais"),
        ("101001", "cento e um mil e um reais"),
        ("1000000", "um milhão de reais"),
        ("1000000.50", "um milhão de reais e cinquenta centavos"),
        ("1000001", "um milhão e um reais"),
        ("1000234", "um milhão, duzentos e trinta e quatro reais"),
        ("1001000", "um milhão e mil reais"),
        ("1200000", "um milhão e duzentos mil reais"),
        ("1200300", "um milhão, duzentos mil e trezentos reais"),
        ("1234000", "um milhão, duzentos e trinta e quatro mil reais"),
        (
            "1234567.89",
            "um milhão, duzentos e trinta e quatro mil quinhentos e sessenta e sete reais "
            "e oitenta e nove centavos",
        ),
        ("2000000", "dois milhões de reais"),
        ("100000000", "cem milhões de reais"),
        (
            "999999999.99",
            "novecentos e noventa e nove milhões, novecentos e noventa e nove mil "
            "novecentos e noventa e nove reais e noventa e nove centavos",
        ),
        ("1000000000", "um bilhão de reais"),
        (
            "332415741211",
            "trezentos e trinta e dois bilhões, quatrocentos e quinze milhões, setecentos e "
            "quarenta e um mil duzentos e onze reais",
        ),
    ],
)
def test_amounts_in_words(amount, words):
    assert money_in_words(Decimal(amount)) == words


@pytest.mark.parametrize("amount", ["-0.01", "0.001", "1000000000000", "NaN", "Infinity"])
def test_what_is_no_amount_of_money_is_refused(amount):
    with pytest.raises((ValueError, ArithmeticError)):
        money_in_words(Decimal(amount))


# --- read back by rules of its own: what is written names exactly one number ----------------------

VALUES = {
    word: value
    for value, word in enumerate(
        "zero um dois três quatro cinco seis sete oito nove dez onze doze treze quatorze quinze "
        "dezesseis dezessete dezoito dezenove".split()
    )
} | {
    "vinte": 20, "trinta": 30, "quarenta": 40, "cinquenta": 50, "sessenta": 60, "setenta": 70,
    "oitenta": 80, "noventa": 90, "cem": 100, "cento": 100, "duzentos": 200, "trezentos": 300,
    "quatrocentos": 400, "quinhentos": 500, "seiscentos": 600, "setecentos": 700,
    "oitocentos": 800, "novecentos": 900,
}  # fmt: skip
ORDERS = {"mil": 10**3, "milhão": 10**6, "milhões": 10**6, "bilhão": 10**9, "bilhões": 10**9}


def read(words: str) -> int:
    total = group = 0
    for word in words.replace(",", "").replace(" e ", " ").split():
        if word in ORDERS:
            total, group = total + (group or 1) * ORDERS[word], 0
        else:
            group += VALUES[word]
    return total + group


@given(st.integers(0, 10**12 - 1))
def test_a_number_in_words_reads_back_as_itself(number):
    assert read(number_in_words(number)) == number


@given(st.decimals("0.01", LARGEST, places=2))
def test_words_are_plain(amount):
    words = money_in_words(amount)

    assert words == " ".join(words.split())
    assert not words.startswith("e ")
    assert "  " not in words
    assert " , " not in words
    assert not re.search(r"(?<!e )\bum mil\b", words)
