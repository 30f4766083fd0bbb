"""Which rules price a debt: campaign, bracket, ERP, index, holidays."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django_scopes import scope

from cobranca.accounts.models import Agency
from cobranca.calc.discounts import DiscountRequest, Percent
from cobranca.calc.quote import quote
from cobranca.campaigns.calculation import Asked, calculate, late_selection
from cobranca.campaigns.models import ErpBalance, IndexSeries, IndexValue
from cobranca.campaigns.pricing import Plan, debt_of
from cobranca.common.errors import DomainError
from cobranca.contracts.models import Contract, Installment
from cobranca.creditors.models import Creditor
from cobranca.debtors.models import Debtor
from cobranca.scheduling.models import Holiday
from tests import factories

ON = date(2026, 4, 9)  # a Thursday, 30 days after the factory's due date (a Tuesday)


@pytest.fixture
def contract(in_scope: Agency, creditor: Creditor, debtor: Debtor) -> Contract:
    return factories.make_contract(creditor, debtor)


@pytest.fixture
def late(contract: Contract) -> Installment:
    return factories.make_installment(contract, 1)


def priced(debtor: Debtor, on: date = ON, **asked):
    return calculate(debtor.pk, Asked(on=on, **asked)).quote


def test_the_campaign_charges_what_its_bracket_says(creditor, debtor, late):
    factories.make_cash_bracket(factories.make_campaign(creditor))

    totals = priced(debtor).totals

    assert (totals.penalty, totals.interest) == (Decimal("20.00"), Decimal("10.00"))
    assert (totals.fee, totals.total) == (Decimal("103.00"), Decimal("1133.00"))


def test_without_a_campaign_nothing_is_priced(debtor, late):
    with pytest.raises(
        DomainError, match="Nenhuma campanha de cálculo vigente em 09/04/2026"
    ) as told:
        priced(debtor)

    assert told.value.field == "campaign"


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"is_active": False}, id="switched off"),
        pytest.param({"valid_to": date(2026, 4, 8)}, id="over since yesterday"),
        pytest.param({"valid_from": date(2026, 4, 10)}, id="in force from tomorrow"),
        pytest.param({"branch_ids": [987654]}, id="for another branch"),
    ],
)
def test_a_campaign_that_does_not_serve_is_no_campaign(creditor, debtor, late, fields):
    factories.make_cash_bracket(factories.make_campaign(creditor, **fields))

    with pytest.raises(DomainError, match="Nenhuma campanha"):
        priced(debtor)


def test_the_first_and_the_last_day_of_a_campaign_count(creditor, debtor, late):
    factories.make_cash_bracket(factories.make_campaign(creditor, valid_from=ON, valid_to=ON))

    assert priced(debtor).totals.total == Decimal("1133.00")


def test_the_campaign_of_highest_priority_is_used_and_named(creditor, debtor, late):
    for name, priority, fee in (("Comum", 1, 10), ("Feirão", 5, 0), ("Antiga", 3, 5)):
        campaign = factories.make_campaign(creditor, name=name, priority=priority)
        factories.make_cash_bracket(campaign, fee_percent=Decimal(fee))

    calculation = calculate(debtor.pk, Asked(on=ON))

    assert calculation.quote.totals.fee == 0
    assert {row.campaign.name for row in calculation.rows} == {"Feirão"}


def test_a_narrower_campaign_of_higher_priority_leaves_the_others_to_the_general_one(
    creditor, debtor, late
):
    branch = factories.make_branch(creditor)
    other = factories.make_contract(creditor, debtor, branch=branch)
    factories.make_installment(other, 1)
    factories.make_cash_bracket(factories.make_campaign(creditor, name="Geral"))
    special = factories.make_campaign(creditor, name="Torre B", priority=9, branch_ids=[branch.pk])
    factories.make_cash_bracket(special, fee_percent=Decimal(0))

    names = {row.contract.pk: row.campaign.name for row in debt_of(debtor.pk, ON).rows}

    assert names == {late.contract_id: "Geral", other.pk: "Torre B"}


@pytest.mark.parametrize(
    ("due", "penalty"),
    [
        (date(2026, 3, 10), "20.00"),  # 30 days: the last of the first bracket
        (date(2026, 3, 9), "50.00"),  # 31 days: the first of the second
    ],
)
def test_the_bracket_is_that_of_the_days_late(creditor, debtor, contract, due, penalty):
    campaign = factories.make_campaign(creditor)
    factories.make_cash_bracket(campaign, delay_to=30)
    factories.make_cash_bracket(campaign, delay_from=31, penalty_percent=Decimal(5))
    factories.make_installment(contract, 1, due_date=due)

    assert priced(debtor).totals.penalty == Decimal(penalty)


def test_a_delay_without_bracket_is_refused_by_name(creditor, debtor, late):
    campaign = factories.make_campaign(creditor, name="Curta")
    factories.make_cash_bracket(campaign, delay_to=29)

    with pytest.raises(DomainError, match="Curta não tem faixa à vista para 30 dias"):
        priced(debtor)


def test_a_holiday_of_the_agency_moves_the_due_date(creditor, debtor, contract, agency):
    factories.make_cash_bracket(factories.make_campaign(creditor))
    factories.make_installment(contract, 1, due_date=date(2026, 4, 8))
    assert priced(debtor).lines[0].days_late == 1

    Holiday.objects.create(agency=agency, day=date(2026, 4, 8), name="Aniversário da cidade")

    row = debt_of(debtor.pk, ON).rows[0]
    assert (row.effective_due, row.days_late) == (ON, 0)


def test_what_the_office_received_is_no_longer_owed(creditor, debtor, late):
    factories.make_cash_bracket(factories.make_campaign(creditor))
    Installment.objects.filter(pk=late.pk).update(credit=Decimal("434.52"))

    assert priced(debtor).totals.original == Decimal("565.48")


def test_the_erps_figures_win_where_it_has_terms(creditor, debtor, late, contract):
    factories.make_cash_bracket(factories.make_campaign(creditor))
    erp_says(contract, [(1, "1000.00", "12.00", "95.58", "0.00")])

    totals = priced(debtor).totals

    assert (totals.penalty, totals.interest) == (Decimal(0), Decimal("95.58"))
    assert (totals.principal, totals.fee) == (Decimal("1012.00"), Decimal("110.75"))


def test_without_late_terms_in_the_erp_the_campaign_charges(creditor, debtor, late, contract):
    factories.make_cash_bracket(factories.make_campaign(creditor))
    erp_says(contract, [(1, "1000.00", "0.00", "0.00", "0.00")], has_late_terms=False)

    assert priced(debtor).totals.charges == Decimal("30.00")


def test_an_answer_for_another_day_is_not_used(creditor, debtor, late, contract):
    factories.make_cash_bracket(factories.make_campaign(creditor))
    erp_says(contract, [(1, "1000.00", "0.00", "95.58", "0.00")])

    assert priced(debtor, on=date(2026, 4, 10)).totals.penalty == Decimal("20.00")


def erp_says(contract: Contract, rows: list[tuple], *, has_late_terms: bool = True) -> None:
    names = ("number", "original", "correction", "charges", "early_discount")
    ErpBalance.objects.create(
        agency=contract.agency,
        contract=contract,
        on=ON,
        fetched_at=datetime(2026, 4, 9, 12, tzinfo=UTC),
        has_late_terms=has_late_terms,
        rows=[dict(zip(names, row, strict=True)) for row in rows],
    )


@pytest.fixture
def igpm(agency: Agency) -> IndexSeries:
    with scope(agency=agency):
        series = IndexSeries.objects.create(agency=agency, name="IGP-M")
        IndexValue.objects.create(
            agency=agency, series=series, month=date(2026, 3, 1), value=Decimal("1.5")
        )
        return series


def test_the_index_corrects_what_is_late(creditor, debtor, late, igpm):
    factories.make_cash_bracket(factories.make_campaign(creditor, index=igpm))

    totals = priced(debtor).totals

    assert (totals.correction, totals.penalty) == (Decimal("15.00"), Decimal("20.30"))


def test_a_missing_month_of_the_index_is_named(creditor, debtor, contract, igpm):
    factories.make_cash_bracket(factories.make_campaign(creditor, index=igpm))
    factories.make_installment(contract, 1, due_date=date(2026, 2, 10))

    with pytest.raises(DomainError, match="Falta o índice IGP-M de 02/2026") as told:
        priced(debtor)

    assert told.value.field == "index"


def test_what_is_not_late_is_brought_to_present_value(creditor, debtor, contract):
    campaign = factories.make_campaign(creditor, early_annual_percent=Decimal(12))
    factories.make_cash_bracket(campaign)
    future = factories.make_installment(contract, 1, due_date=date(2026, 5, 11))

    cash = priced(debtor, selection=[future.pk])

    # 1000 / 1.009489
    assert cash.totals.early_discount == Decimal("9.40")
    assert (cash.totals.fee, cash.totals.charges) == (0, 0)


def test_the_parcelado_takes_its_ceilings_from_its_own_bracket(creditor, debtor, late):
    campaign = factories.make_campaign(creditor)
    factories.make_cash_bracket(campaign, max_discount_fee=Decimal(100))
    factories.make_instalment_bracket(campaign, max_discount_fee=Decimal(50), parts_to=12)
    ask = {"discounts": DiscountRequest(fee=Percent(Decimal(60)))}

    assert priced(debtor, **ask).totals.discount_fee == Decimal("61.80")
    with pytest.raises(DomainError, match="51,50") as told:
        priced(debtor, plan="instalments", parts=12, **ask)

    assert told.value.field == "discount_fee"


@pytest.mark.parametrize("parts", [0, 1, 13, 181])
def test_a_number_of_parcels_outside_of_the_brackets_is_refused(creditor, debtor, late, parts):
    campaign = factories.make_campaign(creditor)
    factories.make_cash_bracket(campaign)
    factories.make_instalment_bracket(campaign, parts_to=12)

    with pytest.raises(DomainError, match="2 a 12 vezes") as told:
        priced(debtor, plan="instalments", parts=parts)

    assert told.value.field == "parts"


def test_selections_that_make_no_sense_are_refused(creditor, debtor, late, agency):
    factories.make_cash_bracket(factories.make_campaign(creditor))
    elsewhere = factories.make_creditor(agency)
    foreign = factories.make_installment(factories.make_contract(elsewhere, debtor), 1)
    someone = factories.make_contract(creditor, factories.make_debtor(agency))
    strange = factories.make_installment(someone, 1)
    debt = debt_of(debtor.pk, ON)

    for ids, words in (
        ([], "Selecione ao menos uma"),
        ([late.pk, foreign.pk], "um credor por vez"),
        ([strange.pk], "não está em aberto"),
    ):
        with pytest.raises(DomainError, match=words) as told:
            debt.order(ids)
        assert told.value.field == "selection"


def test_a_day_before_the_contract_is_refused(creditor, debtor, late, contract):
    factories.make_cash_bracket(factories.make_campaign(creditor))
    Contract.objects.filter(pk=contract.pk).update(issued_on=date(2026, 4, 10))

    with pytest.raises(DomainError, match="anterior ao contrato") as told:
        priced(debtor)

    assert told.value.field == "on"


def test_at_first_what_is_late_of_the_oldest_creditor_is_selected(creditor, debtor, late, agency):
    factories.make_installment(late.contract, 2, due_date=date(2026, 12, 10))
    newer = factories.make_contract(factories.make_creditor(agency), debtor)
    factories.make_installment(newer, 1, due_date=date(2026, 4, 1))

    assert late_selection(debt_of(debtor.pk, ON)) == [late.pk]


def test_a_debt_is_read_in_four_queries_whatever_its_size(
    creditor, debtor, contract, igpm, django_assert_num_queries
):
    campaign = factories.make_campaign(creditor, index=igpm)
    factories.make_cash_bracket(campaign)
    factories.make_instalment_bracket(campaign)
    for number in range(1, 41):
        factories.make_installment(contract, number, due_date=date(2026, 3, 10))

    with django_assert_num_queries(4):
        debt = debt_of(debtor.pk, ON)
        order = debt.order(late_selection(debt), plan=Plan("cash"))
        quote(order)

    assert len(order.items) == 40
