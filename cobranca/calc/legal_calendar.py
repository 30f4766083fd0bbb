"""Holidays by law, computed for a year: the nation's and those of states with a contact norm.

reference/erps.md, 6.1: the norms say "holidays" without a list. Carnaval, Ash Wednesday and
Corpus Christi are optional days, closed unless local law says otherwise.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

NATIONWIDE = "Feriado nacional"
CUSTOM = "Feriado religioso, por lei municipal"
OF_STATE = "Feriado estadual"
OPTIONAL = "Ponto facultativo, fechado por cautela"


class LegalDay(NamedTuple):
    """A holiday of the nation (`state` "") or of a state."""

    day: date
    name: str
    state: str = ""
    source: str = NATIONWIDE
    is_optional: bool = False


def easter(year: int) -> date:
    """Return Easter Sunday (Gregorian, after Meeus, Jones and Butcher)."""
    golden, (century, of_century) = year % 19, divmod(year, 100)
    leaps, century_rest = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leaps - moon + 15) % 30
    weeks, rest = divmod(of_century, 4)
    to_sunday = (32 + 2 * century_rest + 2 * weeks - epact - rest) % 7
    late = (golden + 11 * epact + 22 * to_sunday) // 451
    month, day = divmod(epact + to_sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _fixed(month: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day)


def _from_easter(days: int) -> Callable[[int], date]:
    return lambda year: easter(year) + timedelta(days=days)


# Computation of the day, name, state, source, optional, first year.
_DAYS: tuple[tuple[Callable[[int], date], str, str, str, bool, int], ...] = (
    (_fixed(1, 1), "Confraternização Universal", "", NATIONWIDE, False, 0),
    (_from_easter(-48), "Segunda-feira de Carnaval", "", OPTIONAL, True, 0),
    (_from_easter(-47), "Terça-feira de Carnaval", "", OPTIONAL, True, 0),
    (_from_easter(-46), "Quarta-feira de Cinzas", "", OPTIONAL, True, 0),
    (_from_easter(-2), "Sexta-feira Santa", "", CUSTOM, False, 0),
    (_fixed(4, 21), "Tiradentes", "", NATIONWIDE, False, 0),
    (_fixed(5, 1), "Dia do Trabalho", "", NATIONWIDE, False, 0),
    (_from_easter(60), "Corpus Christi", "", OPTIONAL, True, 0),
    (_fixed(9, 7), "Independência do Brasil", "", NATIONWIDE, False, 0),
    (_fixed(10, 12), "Nossa Senhora Aparecida", "", NATIONWIDE, False, 0),
    (_fixed(11, 2), "Finados", "", NATIONWIDE, False, 0),
    (_fixed(11, 15), "Proclamação da República", "", NATIONWIDE, False, 0),
    (_fixed(11, 20), "Dia da Consciência Negra", "", "Lei 14.759/2023", False, 2024),
    (_fixed(12, 25), "Natal", "", NATIONWIDE, False, 0),
    (_fixed(7, 9), "Revolução Constitucionalista", "SP", OF_STATE, False, 0),
    (_fixed(4, 23), "São Jorge", "RJ", OF_STATE, False, 0),
    (_from_easter(-47), "Terça-feira de Carnaval", "RJ", OF_STATE, False, 0),
    (_from_easter(8), "Nossa Senhora da Penha", "ES", OF_STATE, False, 0),
    (_fixed(6, 24), "São João", "AL", OF_STATE, False, 0),
    (_fixed(6, 29), "São Pedro", "AL", OF_STATE, False, 0),
    (_fixed(9, 16), "Emancipação Política de Alagoas", "AL", OF_STATE, False, 0),
    (_fixed(11, 30), "Dia do Evangélico", "AL", OF_STATE, False, 0),
    (_fixed(9, 5), "Elevação do Amazonas a Província", "AM", OF_STATE, False, 0),
    (_fixed(12, 8), "Nossa Senhora da Conceição", "AM", OF_STATE, False, 0),
)


def legal_days(year: int) -> list[LegalDay]:
    """Return the holidays of a year, as the reference lists them."""
    return [
        LegalDay(day_in(year), name, state, source, is_optional)
        for day_in, name, state, source, is_optional, since in _DAYS
        if year >= since
    ]
