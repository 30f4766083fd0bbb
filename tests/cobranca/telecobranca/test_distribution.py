"""Distribution: shown before, applied whole, taken back exactly."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django_scopes import scope
from hypothesis import given, settings
from hypothesis import strategies as st

from cobranca.audit.models import AuditEntry
from cobranca.common.errors import DomainError, NotFoundError
from cobranca.contracts.models import Contract
from cobranca.contracts.summary import refresh_summaries
from cobranca.debtors.models import Debtor, DebtorSummary
from cobranca.telecobranca.distribution import Criteria, Plan, Target, preview, seen_by, team_of
from cobranca.telecobranca.models import ContractAssignment, Distribution
from cobranca.telecobranca.services.distributing import distribute, undo_distribution
from tests import factories
from tests.cobranca.telecobranca.teaming import (
    NOW,
    TODAY,
    carry_out,
    hands,
    make_office,
    make_team,
    owe_more,
    owing,
    plan_of,
    whole_rows,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def teams(in_scope, agency):
    return make_team(agency, "Azul"), make_team(agency, "Verde")


def debtors_by_team() -> dict[int, set[int]]:
    found = defaultdict(set)
    for team, debtor in ContractAssignment.objects.values_list("team", "contract__debtor"):
        found[team].add(debtor)
    return found


# --- dividing -------------------------------------------------------------------------------------


def test_equal_parts_are_equal_in_number_and_alike_in_value(teams, creditor, supervisor):
    for amount in ("900", "800", "700", "600", "500"):
        owing(creditor, [amount])

    made = carry_out(plan_of(*teams), supervisor)

    blue, green = made.shares
    assert (blue["debtors"], green["debtors"]) == (3, 2)
    # 900 + 600 + 500 against 800 + 700.
    assert (blue["total"], green["total"]) == ("2000.00", "1500.00")
    assert (made.debtor_count, made.contract_count, made.total) == (5, 5, Decimal(3500))


def test_all_contracts_of_a_debtor_go_together(teams, creditor, supervisor, agency):
    other = factories.make_creditor(agency, creditor_type="SIENGE", external_code="2")
    debtor = owing(creditor, ["100", "200"])
    elsewhere = owe_more(other, debtor, "50")
    owing(creditor, ["300"])

    carry_out(plan_of(*teams, creditor=creditor), supervisor)

    theirs = Contract.objects.filter(debtor=debtor)
    assert len({hands()[contract.pk] for contract in theirs}) == 1
    assert elsewhere.pk in hands()


@settings(max_examples=12)
@given(
    debts=st.lists(
        st.lists(st.integers(1, 10**6), min_size=1, max_size=3), min_size=1, max_size=12
    ),
    parts=st.integers(1, 5),
)
def test_a_balanced_split_is_fair_and_loses_nobody(agency, in_scope, creditor, debts, parts):
    supervisor = factories.make_user(agency, "Supervisor")
    group = [make_team(agency) for _ in range(parts)]
    branch = factories.make_branch(creditor)
    for amounts in debts:
        debtor = factories.make_debtor(agency)
        for amount in amounts:
            owe_more(creditor, debtor, Decimal(amount) / 100, branch=branch)

    made = carry_out(plan_of(*group, branch=branch), supervisor)

    mine = ContractAssignment.objects.filter(contract__branch=branch)
    homes = defaultdict(set)
    for debtor, team in mine.values_list("contract__debtor", "team"):
        homes[debtor].add(team)
    assert len(homes) == len(debts)
    assert all(len(home) == 1 for home in homes.values())
    counts = Counter(next(iter(home)) for home in homes.values())
    assert max(counts.values()) - min(counts.get(team.pk, 0) for team in group) <= 1
    owed = DebtorSummary.objects.filter(debtor__in=homes).values_list("open_total", flat=True)
    totals = [Decimal(share["total"]) for share in made.shares]
    assert sum(totals) == sum(owed) == made.total
    assert max(totals) - min(totals) <= max(owed)


def test_by_percentage_each_gets_its_part_of_number_and_value(teams, creditor, supervisor):
    for amount in range(100, 2100, 100):
        owing(creditor, [str(amount)])
    blue, green = teams
    plan = Plan(
        Criteria(),
        "percent",
        (Target(blue, percent=Decimal(75)), Target(green, percent=Decimal(25))),
    )

    made = carry_out(plan, supervisor)

    assert [share["debtors"] for share in made.shares] == [15, 5]
    value = Decimal(made.shares[1]["total"]) / made.total
    assert Decimal("0.20") < value < Decimal("0.30")


def test_all_to_one_collector(teams, creditor, supervisor, collector):
    collector.team = teams[0]
    collector.save()
    debtor = owing(creditor, ["100"])

    carry_out(plan_of(collector, mode="one"), supervisor)

    assert hands() == {debtor.contracts.get().pk: (teams[0].pk, collector.pk)}


def test_back_to_nobody(teams, creditor, supervisor):
    owing(creditor, ["100"])
    kept = owing(creditor, ["200"])
    carry_out(plan_of(*teams), supervisor)
    blue = ContractAssignment.objects.exclude(contract__debtor=kept).get().team

    made = carry_out(plan_of(mode="nobody", only_undistributed=False, team=blue), supervisor, LATER)

    assert list(hands()) == [kept.contracts.get().pk]
    assert made.shares[0]["label"] == "Sem equipe"


@pytest.mark.parametrize(
    ("criteria", "found"),
    [
        ({"min_days_late": 30}, {"old"}),
        ({"max_days_late": 29}, {"new"}),
        ({"min_total": Decimal("500.01")}, {"new"}),
        ({"max_total": Decimal("500.00")}, {"old"}),
        ({}, {"old", "new"}),
        ({"min_days_late": 30, "min_total": Decimal(501)}, set()),
    ],
)
def test_bands_choose_by_the_debtor(teams, creditor, criteria, found):
    people = {}
    for name, days, amount in (("old", 30, "500.00"), ("new", 29, "900.00")):
        debtor = factories.make_debtor(creditor.agency, name=name)
        contract = factories.make_contract(creditor, debtor)
        due = TODAY - timedelta(days=days)
        factories.make_installment(contract, principal=Decimal(amount), due_date=due)
        refresh_summaries([debtor.pk])
        people[name] = Decimal(amount)

    seen = preview(creditor.agency_id, plan_of(teams[0], mode="one", **criteria), TODAY)

    assert seen.debtors == len(found)
    assert seen.total == sum(people[name] for name in found)


def test_who_is_distributed_stays_unless_asked_for(teams, creditor, supervisor):
    blue, green = teams
    first = owing(creditor, ["100"])
    carry_out(plan_of(blue, mode="one"), supervisor)
    second = owing(creditor, ["200"])

    carry_out(plan_of(green, mode="one"), supervisor, LATER)

    assert debtors_by_team() == {blue.pk: {first.pk}, green.pk: {second.pk}}


def test_a_new_contract_goes_to_who_works_its_debtor(teams, creditor, supervisor):
    blue, green = teams
    debtor = owing(creditor, ["100"])
    carry_out(plan_of(blue, mode="one"), supervisor)
    newer = owe_more(creditor, debtor, "50")
    owing(creditor, ["200"])

    carry_out(plan_of(green, mode="one"), supervisor, LATER)

    assert hands()[newer.pk] == (blue.pk, None)


# --- preview, refusals, trail ---------------------------------------------------------------------


def test_a_preview_writes_nothing_and_applying_does_just_that(
    teams, creditor, supervisor, django_assert_num_queries
):
    for amount in ("300", "200", "100"):
        owing(creditor, [amount])
    plan = plan_of(*teams)

    with django_assert_num_queries(2):
        seen = preview(creditor.agency_id, plan, TODAY)

    assert not hands()
    assert (seen.debtors, seen.contracts, seen.total) == (3, 3, Decimal(600))
    made = carry_out(plan, supervisor)
    assert made.shares == [share.shown() for share in seen.shares]


def test_what_changed_since_the_preview_is_not_applied(teams, creditor, supervisor, agency):
    owing(creditor, ["100"])
    plan = plan_of(*teams)
    seen = preview(agency.pk, plan, TODAY)
    owing(creditor, ["200"])

    with pytest.raises(DomainError, match="mudou desde a prévia"):
        distribute(agency=agency, plan=plan, digest=seen.digest, actor=supervisor, on=TODAY, at=NOW)

    assert not hands()
    assert not Distribution.objects.exists()


def test_nothing_to_do_is_not_a_distribution(teams, creditor, supervisor):
    owing(creditor, ["100"])
    again = plan_of(teams[0], mode="one", only_undistributed=False)
    carry_out(again, supervisor)

    with pytest.raises(DomainError, match="nenhum contrato mudaria"):
        carry_out(again, supervisor, LATER)


def test_the_trail_says_who_how_many_and_by_what_criteria(teams, creditor, supervisor):
    owing(creditor, ["100"])

    made = carry_out(plan_of(*teams, creditor=creditor, max_total=Decimal(5000)), supervisor)

    entry = AuditEntry.objects.get(action="distribution.applied")
    assert entry.actor == supervisor
    assert entry.object_id == str(made.pk)
    assert f"Credor: {creditor}" in entry.changes["critérios"][1]
    assert "Total máximo: R$ 5.000,00" in entry.changes["critérios"][1]
    assert entry.changes["contratos"] == ["", "1"]


@pytest.mark.parametrize("wrong", ["none", "twice", "closed", "stranger", "percent", "missing"])
def test_targets_that_make_no_sense_are_refused(teams, creditor, collector, wrong):
    blue, green = teams
    half = Decimal(50)
    closed = replace(Target(blue), team=make_team(blue.agency, "Fechada", is_active=False))
    plans = {
        "none": plan_of(),
        "twice": plan_of(blue, blue),
        "closed": Plan(Criteria(), "even", (closed,)),
        "stranger": Plan(Criteria(), "even", (Target(blue, collector),)),
        "percent": Plan(Criteria(), "percent", (
            Target(blue, percent=half), Target(green, percent=Decimal(49)),
        )),
        "missing": Plan(Criteria(), "percent", (Target(blue, percent=half), Target(green))),
    }  # fmt: skip

    with pytest.raises(DomainError) as refusal:
        preview(creditor.agency_id, plans[wrong], TODAY)

    assert refusal.value.field == "targets"


# --- undoing --------------------------------------------------------------------------------------


def test_undoing_restores_exactly_what_was(teams, creditor, supervisor, collector):
    blue, green = teams
    collector.team = blue
    collector.save()
    for amount in ("100", "200", "300"):
        owing(creditor, [amount, amount])
    carry_out(plan_of(collector, mode="one", max_total=Decimal(400)), supervisor)
    before = whole_rows()
    made = carry_out(plan_of(green, mode="one", only_undistributed=False), supervisor, LATER)
    assert whole_rows() != before

    undone = undo_distribution(distribution_id=made.pk, actor=supervisor, at=LATER)

    assert whole_rows() == before
    assert undone.restored == made.contract_count == 6
    assert AuditEntry.objects.filter(action="distribution.undone").exists()


def test_undoing_leaves_what_was_changed_since(teams, creditor, supervisor, collector):
    blue, green = teams
    touched, other = owing(creditor, ["100"]), owing(creditor, ["200"])
    made = carry_out(plan_of(blue, mode="one"), supervisor)
    ContractAssignment.objects.filter(contract__debtor=touched).update(team=green)

    undone = undo_distribution(distribution_id=made.pk, actor=supervisor, at=LATER)

    assert debtors_by_team() == {green.pk: {touched.pk}}
    assert (undone.restored, made.contract_count) == (1, 2)
    assert not ContractAssignment.objects.filter(contract__debtor=other).exists()


def test_a_contract_that_followed_goes_back_with_its_debtor(teams, creditor, supervisor):
    blue, green = teams
    debtor = owing(creditor, ["100"])
    carry_out(plan_of(blue, mode="one"), supervisor)
    moved = carry_out(plan_of(green, mode="one", only_undistributed=False), supervisor, LATER)
    newer = owe_more(creditor, debtor, "50")
    stranger = owing(creditor, ["10"])
    seen = plan_of(green, mode="one")
    last = carry_out(seen, supervisor, LATER)
    assert hands()[newer.pk][0] == green.pk

    for made in (last, moved):
        undo_distribution(distribution_id=made.pk, actor=supervisor, at=LATER)

    assert debtors_by_team() == {blue.pk: {debtor.pk}}
    assert hands()[newer.pk][0] == blue.pk
    assert not ContractAssignment.objects.filter(contract__debtor=stranger).exists()


def test_only_the_last_one_that_stands_is_undone(teams, creditor, supervisor):
    owing(creditor, ["100"])
    first = carry_out(plan_of(teams[0], mode="one"), supervisor)
    second = carry_out(plan_of(teams[1], mode="one", only_undistributed=False), supervisor, LATER)

    with pytest.raises(DomainError, match="última"):
        undo_distribution(distribution_id=first.pk, actor=supervisor, at=LATER)
    undo_distribution(distribution_id=second.pk, actor=supervisor, at=LATER)
    with pytest.raises(DomainError, match="última"):
        undo_distribution(distribution_id=second.pk, actor=supervisor, at=LATER)
    undo_distribution(distribution_id=first.pk, actor=supervisor, at=LATER)

    assert not hands()


def test_what_is_of_another_agency_cannot_be_undone(teams, supervisor, stranger):
    with scope(agency=stranger.agency):
        creditor = factories.make_creditor(stranger.agency)
        owing(creditor, ["100"])
        theirs = carry_out(plan_of(make_team(stranger.agency), mode="one"), stranger)

    with pytest.raises(NotFoundError):
        undo_distribution(distribution_id=theirs.pk, actor=supervisor, at=NOW)


# --- who may open whom ----------------------------------------------------------------------------


@pytest.fixture
def office_person(in_scope, agency, collector):
    collector.team = make_office(agency)
    collector.save()
    return collector


def test_an_external_office_opens_only_its_own(office_person, creditor, supervisor, agency):
    theirs, others, nobodys = (owing(creditor, [amount]) for amount in ("300", "200", "100"))
    house = make_team(agency, "Casa")
    carry_out(plan_of(office_person.team, mode="one", min_total=Decimal(300)), supervisor)
    carry_out(plan_of(house, mode="one", min_total=Decimal(200)), supervisor, LATER)

    assert list(seen_by(Debtor.objects.all(), office_person)) == [theirs]
    summaries = seen_by(DebtorSummary.objects.all(), office_person, "debtor")
    assert [row.debtor_id for row in summaries] == [theirs.pk]
    assert {others, nobodys} <= set(seen_by(Debtor.objects.all(), supervisor))


def test_a_team_of_the_house_opens_everybody(in_scope, collector, creditor, agency):
    collector.team = make_team(agency)
    collector.save()
    debtor = owing(creditor, ["100"])

    assert list(seen_by(Debtor.objects.all(), collector)) == [debtor]
    assert team_of(collector) == collector.team


def test_looking_whether_a_debtor_may_be_opened_costs_no_query(
    office_person, creditor, django_assert_num_queries
):
    debtor = owing(creditor, ["100"])

    with django_assert_num_queries(1):
        assert seen_by(Debtor.objects.filter(pk=debtor.pk), office_person).first() is None


def test_days_are_counted_from_the_day_told(teams, creditor):
    owing(creditor, ["100"])  # due on 10 March

    plan = plan_of(teams[0], mode="one", min_days_late=1)

    assert preview(creditor.agency_id, plan, date(2026, 3, 10)).debtors == 0
    assert preview(creditor.agency_id, plan, date(2026, 3, 11)).debtors == 1
