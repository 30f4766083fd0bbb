"""A portfolio priced at once gives the desk's centavos, row by row and debtor by debtor."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from cobranca.calc.quote import quote
from cobranca.campaigns.bulk import BulkQuote, bulk_quote
from cobranca.campaigns.models import ErpBalance, IndexSeries, IndexValue
from cobranca.campaigns.pricing import debt_of
from cobranca.common.errors import DomainError
from cobranca.contracts.models import Contract, Installment
from cobranca.creditors.models import Creditor
from cobranca.creditors.services import set_parameter
from cobranca.debtors.models import Debtor
from cobranca.scheduling.models import Holiday
from integrations.sienge.parameters import INTEREST_ON_PENALTY
from tests import factories

ON = date(2026, 11, 20)
Figures = tuple[str, ...]


def of_the_desk(debtor: Debtor) -> dict[int, Figures | None]:
    """Return what the desk says of each open installment; None where it refuses to price."""
    debt = debt_of(debtor.pk, ON)
    figures: dict[int, Figures | None] = {}
    groups: dict[int, list[int]] = {}
    for row in debt.rows:
        if row.is_selectable:
            groups.setdefault(row.contract.creditor_id, []).append(row.installment.pk)
    for ids in groups.values():
        priced = []
        for pk in ids:
            try:
                debt.order([pk])
                priced.append(pk)
            except DomainError:
                figures[pk] = None
        if priced:
            for line in quote(debt.order(priced)).lines:
                told = (line.original, line.correction, line.penalty, line.interest, line.fee)
                figures[line.key] = tuple(f"{amount:.2f}" for amount in told)
    return figures


def of_the_bulk(made: BulkQuote) -> dict[int, Figures | None]:
    columns = (made.original, made.correction, made.penalty, made.interest, made.fee)
    figures: dict[int, Figures | None] = dict.fromkeys(made.refused.tolist())
    for pk, *cents in zip(made.id.tolist(), *(c.tolist() for c in columns), strict=True):
        figures[pk] = tuple(f"{Decimal(each).scaleb(-2):.2f}" for each in cents)
    return figures


def compare(agency) -> dict[int, Figures | None]:
    made = of_the_bulk(bulk_quote(agency=agency, on=ON))
    desk: dict[int, Figures | None] = {}
    for debtor in Debtor.objects.all():
        desk |= of_the_desk(debtor)
    assert made == desk
    return made


AMOUNTS = ("0.01", "0.05", "0.49", "1.00", "33.33", "99.99", "1000.00", "1086.80", "999999.99")


def fill(agency, seed: int, *, creditors: int = 2, debtors: int = 12) -> None:
    chance = random.Random(seed)
    owners = [factories.make_creditor(agency, state=chance.choice(["SP", "SC", ""]))
              for _ in range(creditors)]  # fmt: skip
    branches = {owner.pk: [factories.make_branch(owner) for _ in range(2)] for owner in owners}
    for owner in owners:
        campaign_for(owner, chance, priority=1)
        campaign_for(owner, chance, priority=5, branch_ids=[branches[owner.pk][0].pk])
    for _ in range(debtors):
        debtor = factories.make_debtor(agency)
        for owner in chance.sample(owners, chance.randint(1, creditors)):
            branch = chance.choice([None, *branches[owner.pk]])
            contract = factories.make_contract(owner, debtor, branch=branch)
            parcels(contract, chance)


def campaign_for(owner: Creditor, chance: random.Random, **fields) -> None:
    campaign = factories.make_campaign(owner, **fields)
    start = -9999
    for stop in (0, 30, 90, chance.choice([400, 9999])):
        factories.make_cash_bracket(
            campaign,
            delay_from=start,
            delay_to=stop,
            penalty_percent=chance.choice([Decimal(2), Decimal("1.5"), Decimal("0.333333")]),
            monthly_interest_percent=chance.choice([Decimal(1), Decimal("0.033"), Decimal(0)]),
            fee_percent=chance.choice([Decimal(10), Decimal("7.5"), Decimal(0), Decimal(20)]),
        )
        start = stop + 1


def parcels(contract: Contract, chance: random.Random) -> None:
    for number in range(1, chance.randint(2, 14)):
        amount = Decimal(chance.choice(AMOUNTS)) + Decimal(chance.randint(0, 500)) / 100
        factories.make_installment(
            contract,
            number,
            due_date=ON - timedelta(days=chance.randint(-60, 700)),
            principal=amount,
            status=chance.choice(["open"] * 6 + ["settled", "negotiated"]),
        )


@pytest.mark.parametrize("seed", range(4))
def test_every_row_is_priced_as_at_the_desk(in_scope, seed):
    fill(in_scope, seed)
    Holiday.objects.create(agency=in_scope, day=date(2026, 10, 19), name="Aniversário da cidade")
    Installment.objects.filter(number=1, balance__gt=5).update(credit=Decimal("4.44"))

    made = compare(in_scope)

    assert len(made) == Installment.objects.filter(status="open").count()
    assert {figures is None for figures in made.values()} >= {False}


def test_totals_are_those_of_the_desk(in_scope):
    fill(in_scope, 99, creditors=1)
    made = bulk_quote(agency=in_scope, on=ON)
    by_debtor = {each.debtor_id: each for each in made.totals()}

    assert by_debtor
    for debtor in Debtor.objects.filter(pk__in=by_debtor):
        told = [figures for figures in of_the_desk(debtor).values() if figures]
        assert by_debtor[debtor.pk].updated == sum(Decimal(f) for row in told for f in row)
        assert by_debtor[debtor.pk].installments == len(told)


def test_interest_on_the_penalty_is_obeyed(in_scope, creditor, debtor, implementer):
    campaign = factories.make_campaign(creditor)
    factories.make_cash_bracket(campaign)
    factories.make_installment(factories.make_contract(creditor, debtor), 1)
    plain = compare(in_scope)

    set_parameter(INTEREST_ON_PENALTY, "Sim", agency=in_scope, creditor=creditor, actor=implementer)

    assert compare(in_scope) != plain


def test_an_index_and_an_erp_that_told_figures_are_priced_one_by_one(in_scope, creditor, debtor):
    series = IndexSeries.objects.create(agency=in_scope, name="IPCA")
    for month in range(24):
        day = date(2025 + month // 12, month % 12 + 1, 1)
        value = Decimal(month % 5) / 7
        IndexValue.objects.create(agency=in_scope, series=series, month=day, value=round(value, 8))
    indexed = factories.make_campaign(creditor, index=series, valid_from=date(2025, 1, 1))
    factories.make_cash_bracket(indexed)
    contract = factories.make_contract(creditor, debtor)
    for number in range(1, 9):
        factories.make_installment(contract, number, due_date=date(2026, number, 10))
    told = factories.make_contract(creditor, debtor)
    factories.make_installment(told, 1)
    factories.make_installment(told, 2)
    ErpBalance.objects.create(
        agency=in_scope,
        contract=told,
        on=ON,
        fetched_at=datetime(2026, 11, 20, tzinfo=UTC),
        rows=[
            {"number": 1, "original": "1000.00", "correction": "7.77", "charges": "95.58",
             "early_discount": "0.00"}
        ],
    )  # fmt: skip

    made = compare(in_scope)

    assert len(made) == 10


def test_amounts_beyond_64_bits_are_priced_one_by_one(in_scope, creditor, debtor):
    campaign = factories.make_campaign(creditor)
    factories.make_cash_bracket(
        campaign, monthly_interest_percent=Decimal("0.333333"), fee_percent=Decimal("9.999999")
    )
    contract = factories.make_contract(creditor, debtor)
    for number in range(1, 4):
        factories.make_installment(
            contract, number, due_date=date(2000, 1, 3), principal=Decimal("999999999999.99")
        )
    small = factories.make_contract(creditor, factories.make_debtor(in_scope))
    factories.make_installment(small, 1)

    assert len(compare(in_scope)) == 4


def test_creditors_may_be_asked_for_apart(in_scope):
    fill(in_scope, 7)
    one, other = Creditor.objects.all()
    whole = of_the_bulk(bulk_quote(agency=in_scope, on=ON))

    parts = [of_the_bulk(bulk_quote(agency=in_scope, on=ON, creditors=[c])) for c in (one, other)]

    assert parts[0] | parts[1] == whole
    assert not parts[0].keys() & parts[1].keys()


def test_another_agency_is_not_priced(in_scope, other_agency, creditor, debtor):
    factories.make_cash_bracket(factories.make_campaign(creditor))
    factories.make_installment(factories.make_contract(creditor, debtor), 1)
    foreign = factories.make_creditor(other_agency)
    stranger = factories.make_contract(foreign, factories.make_debtor(other_agency))
    factories.make_installment(stranger, 1)

    assert len(bulk_quote(agency=in_scope, on=ON).id) == 1
    assert len(bulk_quote(agency=in_scope, on=ON, creditors=[foreign]).id) == 0


def test_an_empty_portfolio_has_no_figures(in_scope, creditor):
    made = bulk_quote(agency=in_scope, on=ON)

    assert list(made.totals()) == []


def test_queries_do_not_grow_with_the_portfolio(in_scope, django_assert_max_num_queries):
    fill(in_scope, 3)

    with django_assert_max_num_queries(6):
        bulk_quote(agency=in_scope, on=ON)
