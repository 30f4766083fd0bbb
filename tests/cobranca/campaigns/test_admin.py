"""The campaign's form: saved whole, refused where it is wrong, checked while people type."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from cobranca.campaigns import services
from cobranca.campaigns.models import Campaign, CashBracket, InstalmentBracket
from tests.cobranca.campaigns.making import cash, make_campaign, parcels
from tests.factories import make_branch, make_contract_type, make_creditor

pytestmark = pytest.mark.usefixtures("in_scope")
ADD = reverse("admin:campaigns_campaign_add")
LIST = reverse("admin:campaigns_campaign_changelist")
CHECK = reverse("admin:campaigns_campaign_check")
FILTERS = reverse("admin:campaigns_campaign_filters")
CASH, PARCELS = "cash_brackets", "instalment_brackets"
CASH_ROW = {
    "delay_from": "-9999", "delay_to": "9999", "penalty_percent": "2,00",
    "monthly_interest_percent": "1,00", "fee_percent": "10,00",
    "max_discount_principal": "0,00", "max_discount_penalty": "0,00",
    "max_discount_interest": "0,00", "max_discount_fee": "0,00", "pass_on_principal": "0,00",
    "pass_on_penalty": "0,00", "pass_on_interest": "0,00", "pass_on_fee": "0,00",
}  # fmt: skip
PARCELS_ROW = {
    "delay_from": "-9999", "delay_to": "9999", "parts_from": "2", "parts_to": "180",
    "allows_down_payment": "on", "min_down_payment_percent": "0,00",
    "monthly_rate_percent": "2,00", "max_discount_principal": "0,00",
    "max_discount_penalty": "0,00", "max_discount_interest": "0,00", "max_discount_fee": "0,00",
}  # fmt: skip


@pytest.fixture
def campaign(creditor):
    return make_campaign(creditor, name="Padrão")


def change(campaign):
    return reverse("admin:campaigns_campaign_change", args=[campaign.pk])


def table(prefix, row, *rows):
    """Return the fields of a table of brackets, each row differing from a whole one."""
    stored = sum("id" in given for given in rows)
    fields = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": stored}
    for number, given in enumerate(rows):
        fields |= {f"{prefix}-{number}-{name}": told for name, told in {**row, **given}.items()}
    return fields


def filled(*cash_rows, creditor=None, parcels_rows=(), **fields):
    given = {"name": "Padrão", "valid_from": "01/01/2026", "priority": "0", "is_active": "on"}
    given |= {"early_annual_percent": "0,00"}
    given |= {"creditor": creditor.pk} if creditor else {}
    tables = table(CASH, CASH_ROW, *cash_rows) | table(PARCELS, PARCELS_ROW, *parcels_rows)
    return {**given, **tables, **fields}


def rows_of(campaign):
    """Return what the form sends of the stored rows."""
    return [
        {"id": row.pk, "campaign": campaign.pk, "delay_from": row.delay_from,
         "delay_to": row.delay_to}
        for row in campaign.cash_brackets.all()
    ]  # fmt: skip


# --- saving ---------------------------------------------------------------------------------------


def test_a_campaign_is_saved_with_both_tables(creditor, implementer, client_for):
    kind, branch = make_contract_type(creditor.agency), make_branch(creditor)
    sent = filled(
        {"delay_to": "30", "contract_type_ids": [kind.pk], "branch_ids": [branch.pk]},
        {"delay_from": "31", "fee_percent": "0.033333"},
        parcels_rows=[{"allows_down_payment": ""}],
        creditor=creditor,
        contract_type_ids=[kind.pk],
        early_annual_percent="6,5",
    )

    answer = client_for(implementer).post(ADD, sent)

    assert answer.status_code == 302
    campaign = Campaign.objects.get()
    assert (campaign.agency, campaign.contract_type_ids) == (creditor.agency, [kind.pk])
    assert campaign.early_annual_percent == Decimal("6.5")
    first, second = campaign.cash_brackets.all()
    assert (first.contract_type_ids, first.branch_ids) == ([kind.pk], [branch.pk])
    assert (second.delay_from, second.fee_percent) == (31, Decimal("0.033333"))
    assert not campaign.instalment_brackets.get().allows_down_payment


def test_a_table_is_changed_by_row(campaign, implementer, client_for):
    rows = [cash(0, 30), cash(31, 60)]
    services.save_brackets(campaign=campaign, cash=rows, actor=None)
    first, second = rows_of(campaign)
    sent = filled(
        {**first, "fee_percent": "12,5"},
        {**second, "DELETE": "on"},
        {"delay_from": "31", "delay_to": "90"},
    )

    answer = client_for(implementer).post(change(campaign), sent)

    assert answer.status_code == 302
    shown = CashBracket.objects.values_list("delay_from", "delay_to", "fee_percent")
    assert list(shown) == [(0, 30, Decimal("12.5")), (31, 90, Decimal(10))]


def test_an_added_row_with_nothing_but_defaults_is_saved(campaign, implementer, client_for):
    zeros = {name: "0,00" for name in CASH_ROW if not name.startswith("delay")}

    client_for(implementer).post(change(campaign), filled(zeros))

    assert CashBracket.objects.get().delay_to == 9999


def problems(answer, prefix=CASH):
    formset = next(
        each.formset
        for each in answer.context["inline_admin_formsets"]
        if each.formset.prefix == prefix
    )
    return [form.errors for form in formset.forms]


@pytest.mark.parametrize(
    ("rows", "number", "field", "message"),
    [
        ([{"delay_to": "30"}, {"delay_from": "30"}], 1, "delay_from", "a faixa -9999 a 30"),
        ([{"delay_from": "-10000"}], 0, "delay_from", "-9999 a 9999"),
        ([{"delay_from": "5", "delay_to": "1"}], 0, "delay_to", "antes do início"),
        ([{"fee_percent": "100,01"}], 0, "fee_percent", "0 a 100"),
        ([{"fee_percent": "dez"}], 0, "fee_percent", "Informe um número"),
        ([{"fee_percent": ""}], 0, "fee_percent", "obrigatório"),
        ([{"branch_ids": ["987654"]}], 0, "branch_ids", "987654"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_row_is_said_there(
    campaign, implementer, client_for, rows, number, field, message
):
    answer = client_for(implementer).post(change(campaign), filled(*rows))

    assert answer.status_code == 200
    told = problems(answer)[number]
    assert list(told) == [field]
    assert message in told[field][0]
    assert not CashBracket.objects.exists()


def test_an_overlap_of_parcels_is_said_in_both_rows(campaign, implementer, client_for):
    sent = filled(parcels_rows=[{"parts_to": "12"}, {"parts_from": "12"}])

    answer = client_for(implementer).post(change(campaign), sent)

    assert [list(told) for told in problems(answer, PARCELS)] == [["delay_from"], ["delay_from"]]
    assert not InstalmentBracket.objects.exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"valid_to": "31/12/2025"}, "valid_to"),
        ({"name": "Outra"}, "name"),
        ({"name": " "}, "name"),
    ],
)
def test_what_is_wrong_with_the_campaign_is_said_at_its_field(
    campaign, creditor, implementer, client_for, fields, field
):
    make_campaign(creditor, name="Outra")

    answer = client_for(implementer).post(change(campaign), filled(**fields))

    assert list(answer.context["adminform"].form.errors) == [field]


def test_a_form_that_is_out_of_date_is_refused(campaign, implementer, client_for):
    client = client_for(implementer)
    seen_at = client.get(change(campaign)).context["adminform"].form.initial["seen_at"]
    services.save_brackets(campaign=campaign, cash=[cash(0, 30)], actor=None)
    Campaign.objects.update(updated_at=campaign.updated_at.replace(year=2030))

    answer = client.post(change(campaign), filled({"delay_from": "60"}, seen_at=seen_at))

    assert "Outra pessoa salvou" in answer.content.decode()
    assert CashBracket.objects.get().delay_to == 30


def test_the_creditor_is_chosen_once(campaign, agency, implementer, client_for):
    other = make_creditor(agency)

    client_for(implementer).post(change(campaign), filled(creditor=other))

    campaign.refresh_from_db()
    assert campaign.creditor != other


# --- what is shown --------------------------------------------------------------------------------


def test_the_form_shows_percentages_as_people_write_them(campaign, implementer, client_for):
    services.save_brackets(
        campaign=campaign, cash=[cash(0, 30, fee_percent=Decimal("0.5"))], actor=None
    )

    page = client_for(implementer).get(change(campaign)).content.decode()

    assert 'value="0,50"' in page
    assert "Sem faixa para atraso de -9999 a -1; 31 a 9999 dias." in page


def test_a_new_campaign_begins_today_with_the_only_creditor(creditor, implementer, client_for):
    branch = make_branch(creditor, name="Residencial Zínia")

    page = client_for(implementer).get(ADD)

    assert page.context["adminform"].form.initial["creditor"] == creditor.pk
    assert str(branch) in page.content.decode()


def test_the_list_counts_brackets_with_a_fixed_number_of_queries(
    campaign, creditor, implementer, client_for, django_assert_max_num_queries
):
    services.save_brackets(campaign=campaign, cash=[cash()], instalments=[parcels()], actor=None)
    for _ in range(5):
        make_campaign(creditor)
    client = client_for(implementer)

    with django_assert_max_num_queries(15):
        page = client.get(LIST).content.decode()

    assert "1 à vista, 1 parcelado" in page


# --- while typing ---------------------------------------------------------------------------------


def test_a_form_is_checked_without_being_saved(campaign, implementer, client_for):
    sent = filled(
        {"delay_from": "0", "delay_to": "30"},
        {"delay_from": "20", "delay_to": "60", "fee_percent": "101"},
        campaign=campaign.pk,
        valid_to="31/12/2025",
    )

    told = client_for(implementer).post(CHECK, sent).json()

    assert told["errors"] == {
        "valid_to": ["A vigência final vem antes da inicial."],
        "cash_brackets-0-delay_from": ["Sobrepõe a faixa 20 a 60 (linha 2)."],
        "cash_brackets-1-delay_from": ["Sobrepõe a faixa 0 a 30 (linha 1)."],
        "cash_brackets-1-fee_percent": ["O percentual vai de 0 a 100."],
    }
    assert told["rows"]["cash_brackets-1"] == [
        "Honorários (%): O percentual vai de 0 a 100.",
        "Sobrepõe a faixa 0 a 30 (linha 1).",
    ]
    assert told["notes"] == {CASH: "", PARCELS: ""}
    assert not CashBracket.objects.exists()


def test_a_new_campaign_is_checked_too(creditor, implementer, client_for):
    branch = make_branch(creditor)
    sent = filled(
        {"branch_ids": [branch.pk], "delay_from": "0"}, {"DELETE": "on"}, creditor=creditor
    )

    told = client_for(implementer).post(CHECK, sent).json()

    assert told == {
        "errors": {}, "rows": {"cash_brackets-0": []},
        "notes": {CASH: "Sem faixa para atraso de -9999 a -1 dias.", PARCELS: ""},
    }  # fmt: skip


def test_the_check_answers_what_saving_would(campaign, implementer, client_for):
    """The same rules, not a second set of them."""
    client = client_for(implementer)
    sent = filled({"delay_to": "30"}, {"delay_from": "30"}, {"delay_from": "5", "delay_to": "1"})

    told = client.post(CHECK, {**sent, "campaign": campaign.pk}).json()["errors"]
    refused = problems(client.post(change(campaign), sent))

    assert told == {
        f"{CASH}-{number}-{field}": messages
        for number, errors in enumerate(refused)
        for field, messages in errors.items()
    }


def test_filters_follow_the_creditor(creditor, agency, other_agency, implementer, client_for):
    kind, branch = make_contract_type(agency), make_branch(creditor)
    make_branch(make_creditor(agency))
    theirs = make_creditor(other_agency)
    client = client_for(implementer)

    assert client.get(FILTERS, {"creditor": creditor.pk}).json() == {
        "contract_type_ids": [[kind.pk, str(kind)]],
        "branch_ids": [[branch.pk, str(branch)]],
    }
    for told in (theirs.pk, "", "x", "9" * 30):
        assert client.get(FILTERS, {"creditor": told}).json()["branch_ids"] == []


# --- copies, removal ------------------------------------------------------------------------------


def test_a_campaign_is_copied_for_several_creditors(campaign, agency, implementer, client_for):
    services.save_brackets(campaign=campaign, cash=[cash(0, 30)], actor=None)
    others = [make_creditor(agency), make_creditor(agency)]
    page = reverse("admin:campaigns_campaign_copy", args=[campaign.pk])
    client = client_for(implementer)
    assert "Padrão (cópia)" in client.get(page).content.decode()

    sent = {"name": "Geral", "valid_from": "01/02/2026", "is_active": "on"}
    answer = client.post(page, {**sent, "creditors": [other.pk for other in others]})

    assert answer.url == LIST
    copies = Campaign.objects.filter(name="Geral")
    assert {copy.creditor for copy in copies} == set(others)
    assert {copy.valid_from for copy in copies} == {date(2026, 2, 1)}
    assert CashBracket.objects.count() == 3


def test_one_copy_that_is_refused_undoes_all(campaign, agency, creditor, implementer, client_for):
    other = make_creditor(agency)
    make_campaign(other, name="Geral")
    page = reverse("admin:campaigns_campaign_copy", args=[campaign.pk])
    sent = {"name": "Geral", "valid_from": "01/02/2026", "creditors": [creditor.pk, other.pk]}

    answer = client_for(implementer).post(page, sent)

    assert "já tem uma campanha com este nome" in answer.content.decode()
    assert Campaign.objects.filter(name="Geral").count() == 1


def test_a_used_campaign_is_not_deleted(campaign, implementer, client_for):
    services.mark_used([campaign.pk])
    page = reverse("admin:campaigns_campaign_delete", args=[campaign.pk])
    client = client_for(implementer)

    answer = client.post(page, {"post": "yes"}, follow=True)

    assert "inative-a" in answer.content.decode()
    Campaign.objects.update(is_used=False)
    client.post(page, {"post": "yes"})
    assert not Campaign.objects.exists()


# --- who may --------------------------------------------------------------------------------------


def test_what_is_another_agencys_is_not_found(campaign, stranger, client_for):
    client = client_for(stranger)

    for name in ("change", "delete", "history", "copy"):
        page = reverse(f"admin:campaigns_campaign_{name}", args=[campaign.pk])
        assert client.get(page).status_code == 404, page
    assert client.post(CHECK, filled(campaign=campaign.pk)).status_code == 404


def test_a_supervisor_reads_and_does_not_change(campaign, supervisor, client_for):
    services.save_brackets(campaign=campaign, cash=[cash(0, 30)], actor=None)
    client = client_for(supervisor)

    page = client.get(change(campaign))

    assert page.status_code == 200
    assert "data-add-row" not in page.content.decode()
    assert f'data-check-url="{CHECK}"' not in page.content.decode()
    assert client.post(change(campaign), filled()).status_code == 403
    assert client.post(CHECK, filled(campaign=campaign.pk)).status_code == 403
    copy = reverse("admin:campaigns_campaign_copy", args=[campaign.pk])
    assert client.get(copy).status_code == 403


def test_a_collector_does_not_enter(campaign, collector, client_for):
    client = client_for(collector)

    assert client.get(change(campaign)).status_code in (302, 403)
    assert client.get(FILTERS).status_code in (302, 403)
