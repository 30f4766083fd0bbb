"""AGR-03: each limit of an integrated agreement, and its name in the refusal."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from cobranca.agreements.limits import IntegratedTerms, base_month_of, broken_limits, check_limits
from cobranca.common.errors import DomainError

GOOD = IntegratedTerms(
    contracts=("295",),
    on=date(2021, 11, 22),
    base_month=date(2021, 10, 1),
    contract_indexer="INCC",
    due_dates=(date(2021, 12, 22), date(2022, 1, 22), date(2022, 2, 22)),
)


def test_within_the_limits_nothing_is_said():
    check_limits(GOOD)
    check_limits(replace(GOOD, indexer="INCC"))
    check_limits(replace(GOOD, monthly_percent=Decimal(2), contractual_interest="Price"))
    check_limits(replace(GOOD, months_back=3, base_month=date(2021, 8, 1)))
    check_limits(replace(GOOD, due_dates=(date(2021, 12, 31), date(2022, 1, 31))))


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"contracts": ("295", "300")}, "só um contrato por acordo integrado"),
        ({"renegotiated": ("295",)}, "só um reparcelamento por contrato, e o contrato 295 já tem"),
        ({"indexer": "IGP-M"}, r"o indexador é sempre o do contrato \(INCC\), e não IGP-M"),
        ({"base_month": date(2021, 11, 1)}, "data base do indexador é 10/2021"),
        ({"base_month": date(2021, 8, 1), "months_back": 2}, "data base do indexador é 09/2021"),
        ({"condition": "AT"}, "condição é sempre PM .* e não AT"),
        ({"down_payment": Decimal("100.00")}, "condição PM .* não tem entrada"),
        ({"due_dates": (date(2021, 12, 1), date(2022, 2, 1))}, "um vencimento em cada mês"),
        ({"due_dates": (date(2021, 12, 1), date(2021, 12, 31))}, "um vencimento em cada mês"),
        ({"interest": "compostos"}, "juros são sempre simples, e não compostos"),
        ({"contractual_interest": "SAC"}, "Nenhum ou Price, e não SAC"),
        ({"monthly_percent": Decimal(1)}, "com taxa de parcelamento .* são Price"),
    ],
)  # fmt: skip
def test_each_limit_is_named(changes, rule):
    with pytest.raises(DomainError, match=rule) as refusal:
        check_limits(replace(GOOD, **changes))

    assert refusal.value.field == "mode"


def test_everything_wrong_is_told_at_once():
    wrong = replace(GOOD, condition="AT", interest="compostos")

    assert len(list(broken_limits(wrong))) == 2
    with pytest.raises(DomainError, match="PM .*; os juros"):
        check_limits(wrong)


@pytest.mark.parametrize(
    ("on", "back", "month"),
    [
        (date(2022, 1, 5), 1, date(2021, 12, 1)),
        (date(2022, 1, 31), 2, date(2021, 11, 1)),
        (date(2021, 11, 22), 11, date(2020, 12, 1)),
    ],
)
def test_the_base_month_crosses_the_year(on, back, month):
    assert base_month_of(on, back) == month
