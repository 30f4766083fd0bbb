"""Goals: told once, copied, and measured by what was really done."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from cobranca.agreements.models import Agreement
from cobranca.agreements.services import Receipt, pay_agreement, reverse_payment
from cobranca.audit.models import AuditEntry
from cobranca.common.errors import DomainError
from cobranca.dunning.models import ContactRecord, ContactResult, Promise
from cobranca.telecobranca.figures import figures_between
from cobranca.telecobranca.goals import goal_lines, last_of, month_after
from cobranca.telecobranca.models import Goal
from cobranca.telecobranca.services.goals import copy_goals, save_goal
from tests import factories
from tests.cobranca.agreements.making import TODAY as AGREED_ON
from tests.cobranca.agreements.making import agree, make_book, make_plain_campaign
from tests.cobranca.telecobranca.teaming import make_team

pytestmark = pytest.mark.django_db
MAY = date(2026, 5, 1)
TODAY = date(2026, 5, 20)


def goal_of(agency, actor, whose, metric="contacts", amount="10", month=MAY) -> Goal:
    who = {"team": whose} if hasattr(whose, "members") else {"collector": whose}
    goal = Goal(agency=agency, month=month, metric=metric, amount=Decimal(amount), **who)
    return save_goal(goal=goal, actor=actor)


def contact(debtor, actor, at: datetime, effective: bool = False) -> ContactRecord:
    code = "falou" if effective else "recado"
    result, _ = ContactResult.objects.get_or_create(
        agency=debtor.agency, code=f"t-{code}", defaults={"label": code, "is_effective": effective}
    )
    record = ContactRecord(
        agency=debtor.agency,
        debtor=debtor,
        channel="call",
        result=result,
        actor=actor,
        happened_at=at,
    )
    record.save()
    return record


def promise(debtor, actor, on: date, status: str = "open") -> Promise:
    return Promise.objects.create(
        agency=debtor.agency,
        debtor=debtor,
        promised_on=on,
        made_on=on,
        amount=10,
        actor=actor,
        status=status,
    )


# --- telling --------------------------------------------------------------------------------------


def test_a_goal_is_of_a_whole_month_and_told_once(in_scope, agency, supervisor, collector):
    goal = goal_of(agency, supervisor, collector, month=date(2026, 5, 17))

    assert goal.month == MAY
    with pytest.raises(DomainError, match="Já existe uma meta"):
        goal_of(agency, supervisor, collector)
    assert AuditEntry.objects.get(action="goal.created").actor == supervisor


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"amount": Decimal(0)}, "amount"),
        ({"amount": Decimal("1.5")}, "amount"),
        ({"collector": None}, "team"),
    ],
)
def test_a_goal_that_makes_no_sense_is_refused(
    in_scope, agency, supervisor, collector, told, field
):
    given = {"collector": collector, "month": MAY, "metric": "contacts", "amount": Decimal(5)}

    with pytest.raises(DomainError) as refusal:
        save_goal(goal=Goal(agency=agency, **{**given, **told}), actor=supervisor)

    assert refusal.value.field == field


def test_copying_fills_in_what_is_missing_and_forgets_who_left(
    in_scope, agency, supervisor, collector
):
    gone = factories.make_user(agency, "Cobrador")
    team = make_team(agency)
    for whose in (collector, gone, team):
        goal_of(agency, supervisor, whose)
    gone.is_active = False
    gone.save()
    goal_of(agency, supervisor, collector, amount="99", month=date(2026, 6, 1))

    copied = copy_goals(agency=agency, month=date(2026, 6, 15), actor=supervisor)

    june = Goal.objects.filter(month=date(2026, 6, 1))
    assert copied == 1
    assert {(g.team, g.collector, g.amount) for g in june} == {
        (None, collector, Decimal(99)),
        (team, None, Decimal(10)),
    }
    assert copy_goals(agency=agency, month=date(2026, 6, 15), actor=supervisor) == 0


# --- progress -------------------------------------------------------------------------------------


def test_contacts_count_on_the_offices_days(in_scope, agency, debtor, supervisor, collector):
    in_may = (
        datetime(2026, 5, 1, 3, 0, tzinfo=UTC),  # midnight in São Paulo
        datetime(2026, 5, 20, 15, 0, tzinfo=UTC),
        datetime(2026, 5, 21, 2, 59, tzinfo=UTC),  # still the 20th there
    )
    for at in in_may:
        contact(debtor, collector, at, effective=at == in_may[1])
    contact(debtor, collector, datetime(2026, 5, 1, 2, 59, tzinfo=UTC))
    contact(debtor, collector, datetime(2026, 5, 21, 3, 0, tzinfo=UTC))
    contact(debtor, supervisor, in_may[1])

    found = figures_between(agency.pk, MAY, TODAY)

    assert found.of([collector.pk], "contacts") == 3
    assert found.of([collector.pk], "effective") == 1
    assert found.today_of(collector.pk)["contacts"] == 2
    assert found.of([collector.pk, supervisor.pk], "contacts") == 4
    assert found.last_contact[collector.pk] == in_may[2]


def test_a_promise_that_was_called_off_does_not_count(in_scope, agency, debtor, collector):
    promise(debtor, collector, TODAY)
    promise(debtor, collector, TODAY, status="broken")
    promise(debtor, collector, TODAY, status="cancelled")
    promise(debtor, collector, date(2026, 4, 30))

    assert figures_between(agency.pk, MAY, TODAY).of([collector.pk], "promises") == 2


def test_money_counts_for_who_made_the_agreement_until_it_is_reversed(
    in_scope, agency, creditor, debtor, collector, supervisor
):
    make_plain_campaign(creditor)
    contract = factories.make_contract(creditor, debtor)
    make_book(contract, ["1000.00"])
    made: Agreement = agree(contract, collector)
    paid = pay_agreement(
        agreement_id=made.pk,
        receipt=Receipt(paid_on=AGREED_ON, amount=Decimal(400)),
        actor=supervisor,
        on=AGREED_ON,
    )
    first = AGREED_ON.replace(day=1)

    found = figures_between(agency.pk, first, AGREED_ON)
    reverse_payment(payment_id=paid[0].pk, actor=supervisor, on=AGREED_ON, reason="engano")
    after = figures_between(agency.pk, first, AGREED_ON)

    assert found.of([collector.pk], "recovered") == Decimal(400)
    assert found.of([collector.pk], "agreements") == 1
    assert found.of([supervisor.pk], "recovered") == 0
    assert after.of([collector.pk], "recovered") == 0


def test_a_teams_goal_is_measured_by_its_people(
    in_scope, agency, debtor, supervisor, collector, django_assert_num_queries
):
    team = make_team(agency)
    collector.team = team
    collector.save()
    goal_of(agency, supervisor, team, amount="3")
    goal_of(agency, supervisor, collector, amount="2")
    for _ in range(2):
        contact(debtor, collector, datetime(2026, 5, 10, 15, 0, tzinfo=UTC))

    with django_assert_num_queries(3):
        of_team, of_person = goal_lines(agency.pk, MAY, TODAY)

    assert (of_team.done, of_team.percent, of_team.is_reached) == (2, 66, False)
    assert (of_person.done, of_person.percent, of_person.is_reached) == (2, 100, True)


def test_a_month_to_come_has_nothing_done(in_scope, agency, supervisor, collector, debtor):
    goal_of(agency, supervisor, collector, month=date(2026, 6, 1))

    assert [line.done for line in goal_lines(agency.pk, date(2026, 6, 1), TODAY)] == [0]


def test_months():
    assert (last_of(date(2024, 2, 1)), last_of(date(2026, 12, 1))) == (
        date(2024, 2, 29),
        date(2026, 12, 31),
    )
    assert (month_after(date(2026, 1, 1), -1), month_after(date(2026, 12, 1), 1)) == (
        date(2025, 12, 1),
        date(2027, 1, 1),
    )


# --- screens --------------------------------------------------------------------------------------


def test_the_screen_tells_saves_and_takes_back(client_for, in_scope, agency, supervisor, collector):
    browser = client_for(supervisor)

    told = {"who": f"u{collector.pk}", "metric": "recovered", "amount": "12.500,00"}
    answer = browser.post("/equipe/metas/nova/?mes=2026-05", told, follow=True)

    goal = Goal.objects.get()
    assert (goal.amount, goal.month, goal.collector) == (Decimal(12500), MAY, collector)
    assert "Metas de maio de 2026" in answer.content.decode()
    assert "12.500,00" in answer.content.decode()
    again = browser.post("/equipe/metas/nova/?mes=2026-05", told)
    assert "Já existe uma meta desta medida" in again.content.decode()
    browser.post(f"/equipe/metas/{goal.pk}/excluir/")
    assert not Goal.objects.exists()
    assert AuditEntry.objects.filter(action="goal.deleted").exists()


@pytest.mark.parametrize("month", ["9999-12", "0001-01", "x", "2026-13", ""])
def test_any_month_can_be_asked_for(client_for, supervisor, month):
    assert client_for(supervisor).get(f"/equipe/metas/?mes={month}").status_code == 200


def test_auditors_see_and_collectors_do_not(client_for, auditor, collector):
    assert client_for(auditor).get("/equipe/metas/").status_code == 200
    assert client_for(auditor).post("/equipe/metas/copiar/").status_code == 403
    assert client_for(collector).get("/equipe/metas/").status_code == 403


@pytest.mark.parametrize(("metric", "shown"), [("contacts", "40"), ("recovered", "40,00")])
def test_only_a_goal_of_money_is_typed_with_cents(
    client_for, in_scope, agency, supervisor, collector, metric, shown
):
    told = {"who": f"u{collector.pk}", "metric": metric, "amount": "40"}
    client_for(supervisor).post("/equipe/metas/nova/?mes=2026-05", told)

    page = client_for(supervisor).get(f"/equipe/metas/{Goal.objects.get().pk}/")

    assert f'value="{shown}"' in page.content.decode()
