"""The law is read by everybody and changed by operators; the policy is an agency's own."""

from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django_scopes import scope

from cobranca.dunning.models import ContactPolicy, ContactRule, LegalHoliday
from tests import factories

RULES = "/admin/dunning/contactrule/"
DAYS = "/admin/dunning/legalholiday/"
POLICY = "/admin/dunning/contactpolicy/"
CAPS = {"daily_cap": "2", "weekly_cap": "6", "minutes_between": "30"}


@pytest.fixture
def operator(db):
    return get_user_model().objects.create_superuser("operadora", password=factories.PASSWORD)


def rule_form(rule, **changes):
    names = [field.name for field in ContactRule._meta.fields if field.editable]
    values = {name: getattr(rule, name) for name in names}
    told = {name: "" if value in (None, False) else str(value) for name, value in values.items()}
    return {name: value for name, value in (told | changes).items() if name != "id"}


def test_an_agency_reads_the_rules_and_changes_none(client_for, implementer):
    client, rule = client_for(implementer), ContactRule.objects.get(state="ES")

    assert "Lei ES 10.626/2017" in client.get(RULES).content.decode()
    page = f"{RULES}{rule.pk}/change/"
    assert client.get(page).status_code == 200
    assert client.post(page, rule_form(rule, note="x")).status_code == 403
    assert client.get(f"{RULES}add/").status_code == 403
    assert client.get(f"{DAYS}add/").status_code == 403


def test_an_operator_changes_a_rule(client_for, operator):
    client, rule = client_for(operator), ContactRule.objects.get(state="ES")

    response = client.post(f"{RULES}{rule.pk}/change/", rule_form(rule, weekday_to="18:00"))

    assert response.status_code == 302
    rule.refresh_from_db()
    assert rule.weekday_to.hour == 18
    assert client.post(f"{RULES}{rule.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"weekday_to": ""}, "Informe as duas horas (dias úteis)"),
        ({"weekday_to": "07:00"}, "O fim deve ser depois do início (dias úteis)"),
        ({"covers_call": ""}, "Marque ao menos um canal."),
        ({"valid_to": "01/01/2000"}, "O fim da vigência é antes do início."),
    ],
)
def test_a_rule_that_makes_no_sense_is_told_at_the_field(client_for, operator, changes, said):
    client, rule = client_for(operator), ContactRule.objects.get(state="ES")

    page = client.post(f"{RULES}{rule.pk}/change/", rule_form(rule, **changes))

    assert said in page.content.decode()


def test_an_operator_adds_a_municipal_holiday_and_removes_it(client_for, operator):
    client = client_for(operator)
    told = {"scope": "municipal", "state": "SP", "city": "Santos", "day": "26/01/2026",
            "name": "Fundação", "is_active": "on"}  # fmt: skip
    nameless = client.post(f"{DAYS}add/", told | {"city": ""})
    assert "Informe o município." in nameless.content.decode()

    client.post(f"{DAYS}add/", told)

    added = LegalHoliday.objects.get(city="Santos")
    assert added.day == date(2026, 1, 26)
    client.post(f"{DAYS}{added.pk}/delete/", {"post": "yes"})
    assert not LegalHoliday.objects.filter(city="Santos").exists()


def test_a_national_holiday_is_switched_off_not_deleted(client_for, operator):
    client, day = client_for(operator), LegalHoliday.objects.get(day="2026-12-25")

    response = client.post(f"{DAYS}{day.pk}/delete/", {"post": "yes"}, follow=True)

    assert "volta a cada ano" in response.content.decode()
    assert LegalHoliday.objects.filter(pk=day.pk).exists()


def test_an_implementer_sets_the_agencys_policy_once(client_for, implementer, agency):
    client = client_for(implementer)

    client.post(f"{POLICY}add/", CAPS | {"window_for_sms": "on", "latest": "19:00"})

    with scope(agency=agency):
        policy = ContactPolicy.objects.get()
    assert (policy.daily_cap, policy.latest.hour, policy.window_for_whatsapp) == (2, 19, False)
    assert client.get(f"{POLICY}add/").status_code == 403


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"daily_cap": "0"}, "Ao menos 1"),
        ({"weekly_cap": "1"}, "não pode ser menor que o do dia"),
        ({"earliest": "12:00", "latest": "09:00"}, "O fim deve ser depois do início"),
    ],
)
def test_a_policy_that_makes_no_sense(client_for, implementer, changes, said):
    page = client_for(implementer).post(f"{POLICY}add/", CAPS | changes).content.decode()

    assert said in page


def test_a_strangers_policy_is_not_found(client_for, stranger, agency):
    with scope(agency=agency):
        policy = ContactPolicy.objects.create(agency=agency)

    assert client_for(stranger).get(f"{POLICY}{policy.pk}/change/").status_code == 404
