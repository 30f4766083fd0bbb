from datetime import date
from decimal import Decimal

import pytest
from django_scopes import scope

from cobranca.audit.models import AuditEntry
from cobranca.campaigns import services
from cobranca.campaigns.models import Campaign, CashBracket, IndexValue
from tests.api import assert_queries_stay, errors, ids, refusal, results
from tests.cobranca.campaigns.making import cash, make_campaign, make_series, parcels
from tests.factories import make_branch, make_creditor

CAMPAIGNS, SERIES = "/api/v1/campaigns/", "/api/v1/index-series/"
CASH = {"delay_from": 0, "delay_to": 30, "fee_percent": "10.00", "max_discount_fee": "50"}
PARCELS = {"delay_from": -9999, "delay_to": 9999, "parts_from": 2, "parts_to": 12,
           "monthly_rate_percent": "1.033333"}  # fmt: skip


@pytest.fixture
def api(api_for, implementer):
    return api_for(implementer)


@pytest.fixture
def reader(api_for, auditor):
    return api_for(auditor)


@pytest.fixture
def campaign(agency, creditor):
    with scope(agency=agency):
        return make_campaign(creditor, name="Padrão")


@pytest.fixture
def igpm(agency):
    with scope(agency=agency):
        return make_series(agency, name="IGP-M", sgs_code=189)


def sent(creditor, **fields):
    return {"creditor": creditor.pk, "name": "Padrão", "valid_from": "2026-01-01", **fields}


def place(campaign):
    return f"{CAMPAIGNS}{campaign.pk}/"


# --- campaigns ------------------------------------------------------------------------------------


def test_a_campaign_is_made_with_its_brackets(api, creditor):
    body = sent(creditor, cash_brackets=[CASH], instalment_brackets=[PARCELS])

    created = api.post(CAMPAIGNS, body)

    assert created.status_code == 201, created.content
    shown = created.json()
    (row,), (plan,) = shown["cash_brackets"], shown["instalment_brackets"]
    assert (row["delay_to"], row["fee_percent"], row["penalty_percent"]) == (30, "10.00", "0.00")
    assert (plan["parts_to"], plan["monthly_rate_percent"]) == (12, "1.033333")
    assert shown["early_annual_percent"] == "0.00"
    assert api.get(created["Location"]).json() == shown
    assert AuditEntry._base_manager.filter(action="campaign.brackets_saved").exists()


def test_a_table_that_is_told_replaces_the_stored_one(api, agency, campaign):
    with scope(agency=agency):
        rows = [cash(0, 30, fee_percent=Decimal(10)), cash(31, 60)]
        services.save_brackets(campaign=campaign, cash=rows, instalments=[parcels()], actor=None)
    kept = api.get(place(campaign)).json()["cash_brackets"][0]
    told = [{"id": kept["id"], "delay_to": 45}, {"delay_from": 46, "delay_to": 90}]

    shown = api.patch(place(campaign), {"cash_brackets": told}).json()

    assert shown["cash_brackets"][0] == {**kept, "delay_to": 45}
    assert [row["delay_from"] for row in shown["cash_brackets"]] == [0, 46]
    assert len(shown["instalment_brackets"]) == 1


def test_what_is_wrong_is_told_by_table_row_and_field(api, creditor):
    def told(**tables):
        return errors(api.post(CAMPAIGNS, sent(creditor, **tables)))

    assert told(cash_brackets=[CASH, {**CASH, "delay_from": 30, "delay_to": 60}]) == {
        "cash_brackets.0.delay_from": ["Sobrepõe a faixa 30 a 60 (linha 2)."],
        "cash_brackets.1.delay_from": ["Sobrepõe a faixa 0 a 30 (linha 1)."],
    }
    assert list(told(cash_brackets=[CASH, {**CASH, "fee_percent": "101"}])) == [
        "cash_brackets.1.fee_percent"
    ]
    assert list(told(instalment_brackets=[{**PARCELS, "parts_to": 1}])) == [
        "instalment_brackets.0.parts_to"
    ]
    assert list(told(cash_brackets=[{**CASH, "multa": "1"}])) == ["cash_brackets.0.multa"]
    assert list(told(valid_to="2025-12-31")) == ["valid_to"]
    assert list(told(contract_type_ids=[987654])) == ["contract_type_ids"]
    assert not Campaign._base_manager.exists()


def test_a_name_is_a_creditors_once(api, creditor, campaign):
    assert list(errors(api.post(CAMPAIGNS, sent(creditor)))) == ["name"]


def test_filters_of_a_bracket_are_the_creditors(api, agency, creditor):
    foreign = make_branch(make_creditor(agency))
    body = sent(creditor, cash_brackets=[{**CASH, "branch_ids": [foreign.pk]}])

    assert list(errors(api.post(CAMPAIGNS, body))) == ["branch_ids"]
    assert not Campaign._base_manager.exists()


def test_a_bracket_of_another_campaign_is_not_taken(api, agency, campaign, creditor):
    with scope(agency=agency):
        other = make_campaign(creditor)
        services.save_brackets(campaign=other, cash=[cash()], actor=None)
        row = other.cash_brackets.get()

    refused = api.patch(place(campaign), {"cash_brackets": [{**CASH, "id": row.pk}]})

    assert list(errors(refused)) == ["cash_brackets"]
    assert CashBracket._base_manager.get().campaign_id == other.pk


def test_a_campaign_is_deleted_until_it_is_used(api, agency, campaign):
    with scope(agency=agency):
        services.mark_used([campaign.pk])

    assert "inative-a" in refusal(api.delete(place(campaign)), 409)["detail"]

    Campaign._base_manager.update(is_used=False)
    assert api.delete(place(campaign)).status_code == 204


def test_campaigns_are_found_by_their_filters(api, agency, creditor, campaign):
    with scope(agency=agency):
        old = make_campaign(creditor, valid_to=date(2026, 6, 30), is_active=False)

    assert ids(api, CAMPAIGNS, is_active="false") == [old.pk]
    assert ids(api, CAMPAIGNS, valid_on="2026-07-01") == [campaign.pk]
    assert ids(api, CAMPAIGNS, valid_on="2026-06-30") == [campaign.pk, old.pk]
    assert ids(api, CAMPAIGNS, creditor=make_creditor(agency).pk) == []


def test_what_is_another_agencys_is_not_there(api_for, stranger, campaign, creditor, igpm):
    theirs = api_for(stranger)

    assert results(theirs, CAMPAIGNS) == []
    refusal(theirs.patch(place(campaign), {"name": "Minha"}), 404)
    refusal(theirs.delete(place(campaign)), 404)
    refusal(theirs.get(f"{SERIES}{igpm.pk}/values/"), 404)
    assert list(errors(theirs.post(CAMPAIGNS, sent(creditor)))) == ["creditor"]


def test_who_only_reads_cannot_change(reader, campaign, igpm):
    refusal(reader.patch(place(campaign), {"name": "Minha"}), 403)
    refusal(reader.delete(place(campaign)), 403)
    refusal(reader.post(f"{SERIES}{igpm.pk}/values/", {"values": []}), 403)
    assert ids(reader, CAMPAIGNS) == [campaign.pk]
    assert results(reader, f"{SERIES}{igpm.pk}/values/") == []


# --- indices --------------------------------------------------------------------------------------


def values_of(series):
    return f"{SERIES}{series.pk}/values/"


def test_months_are_stored_and_listed(api, igpm):
    body = {"values": [{"month": "2026-01", "value": "0.5"}, {"month": "2026-02", "value": "-1"}]}

    first = api.post(values_of(igpm), body)
    again = api.post(values_of(igpm), body)

    assert first.json() == {"included": 2, "changed": 0, "equal": 0}
    assert again.json()["equal"] == 2
    assert results(api, values_of(igpm)) == [
        {"month": "2026-01", "value": "0.50000000", "source": "API"},
        {"month": "2026-02", "value": "-1.00000000", "source": "API"},
    ]
    assert [row["month"] for row in results(api, values_of(igpm), since="2026-02-01")] == [
        "2026-02"
    ]
    shown = api.get(f"{SERIES}{igpm.pk}/").json()
    assert (shown["months"], shown["last_month"]) == (2, "2026-02")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ([], "values"),
        ([{"month": "2026-13", "value": "1"}], "values.0.month"),
        ([{"month": "2026-01", "value": "x"}], "values.0.value"),
        ([{"month": "2026-01", "value": "-100"}], "values"),
        ([{"month": "2026-01", "value": "1"}] * 2, "values"),
    ],
)
def test_months_that_make_no_sense_are_refused(api, igpm, values, field):
    assert list(errors(api.post(values_of(igpm), {"values": values}))) == [field]
    assert not IndexValue._base_manager.exists()


def test_an_index_is_made_and_changed(api, igpm):
    created = api.post(SERIES, {"name": "CUB", "kind": "level"})

    assert created.json()["last_month"] is None
    changed = api.patch(created["Location"], {"months_back": 2})
    assert changed.json()["months_back"] == 2
    assert list(errors(api.patch(created["Location"], {"months_back": 13}))) == ["months_back"]
    refusal(api.post(SERIES, {"name": "IGP-M"}), 400)


# --- queries --------------------------------------------------------------------------------------


def test_lists_take_as_many_queries_for_many_rows_as_for_one(api, agency, creditor):
    def add(make):
        def made():
            with scope(agency=agency):
                return make()

        return made

    assert_queries_stay(api, CAMPAIGNS, add(lambda: make_campaign(creditor)))
    assert_queries_stay(api, SERIES, add(lambda: make_series(agency)))
