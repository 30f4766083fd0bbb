"""Kinds of parameter: what people type becomes one spelling, or is refused in words."""

import pytest

from cobranca.common.errors import DomainError
from cobranca.creditors.kinds import CODE_LIST, SECRET, TEXT, URL, WHOLE, YES_NO, one_of, whole

SIZE = one_of("size", ("Pequeno", "Médio"))


@pytest.mark.parametrize(
    ("kind", "typed", "value", "stored", "shown"),
    [
        (YES_NO, "S", True, "S", "Sim"),
        (YES_NO, " não ", False, "N", "Não"),
        (TEXT, " usuario ", "usuario", "usuario", "usuario"),
        (SECRET, " s3nh@ ", "s3nh@", "s3nh@", "••••••"),
        (WHOLE, "007", 7, "7", "7"),
        (CODE_LIST, "tc;FAT,nf ;", ("TC", "FAT", "NF"), "TC;FAT;NF", "TC;FAT;NF"),
        (URL, "https://erp.example/api/", *["https://erp.example/api"] * 3),
        (SIZE, "MEDIO", "Médio", "Médio", "Médio"),
    ],
)
def test_a_value_has_one_spelling_however_it_is_typed(kind, typed, value, stored, shown):
    parsed = kind.parse(typed)

    assert parsed == value
    assert (kind.store(parsed), kind.show(parsed)) == (stored, shown)
    assert kind.parse(stored) == value


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (YES_NO, "talvez"),
        (TEXT, "  "),
        (TEXT, "x" * 501),
        (SECRET, "duas\nlinhas"),
        (whole(1, 12), "13"),
        (WHOLE, "-1"),
        (WHOLE, "1,5"),
        (WHOLE, "²"),
        (CODE_LIST, "UM DOIS"),
        (URL, "erp.example/api"),
        (URL, "https://user:pass@erp.example"),
        (URL, "https://erp.example:99999"),
        (URL, "javascript:alert(1)"),
        (SIZE, "Enorme"),
    ],
)
def test_what_makes_no_sense_is_refused(kind, typed):
    with pytest.raises(DomainError, match=r"^Informe"):
        kind.parse(typed)
