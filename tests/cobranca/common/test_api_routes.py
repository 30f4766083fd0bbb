"""Routes of what the configuration screens do: one life of a row each, and who may not."""

from datetime import date

import pytest
from django_scopes import scope

from cobranca.agreements.models import Agreement, AgreementTemplate
from cobranca.audit.models import AuditEntry
from cobranca.campaigns.models import Quote
from cobranca.creditors.models import CreditorTypeActivation
from cobranca.outbox.models import OutboxEvent
from integrations.core.models import WebhookRefusal
from tests.api import errors, ids, refusal, results
from tests.cobranca.agreements.making import agree, make_book, make_plain_campaign
from tests.factories import make_contract, make_contract_type

LIVES = [
    ("holidays", {"day": "2026-12-24", "name": "Véspera"}, {"name": "Véspera de Natal"}),
    ("recall-reasons", {"code": "falencia", "label": "Falência"}, {"label": "Falência decretada"}),
    ("agreement-templates", {"name": "À vista"}, {"is_active": False}),
]


@pytest.fixture
def api(api_for, implementer):
    return api_for(implementer)


@pytest.mark.parametrize(("resource", "new", "change"), LIVES)
def test_a_row_of_configuration_is_made_changed_and_deleted(api, resource, new, change):
    listed = f"/api/v1/{resource}/"
    made = api.post(listed, new)
    assert made.status_code == 201, made.content
    place = f"{listed}{made.json()['id']}/"
    assert made["Location"] == place

    changed = api.patch(place, change).json()
    assert {name: changed[name] for name in change} == change
    assert list(errors(api.post(listed, new | change), 400)) or changed

    assert api.delete(place).status_code == 204
    refusal(api.get(place), 404)
    verbs = list(AuditEntry._base_manager.order_by("pk").values_list("action", flat=True))
    assert [verb.rpartition(".")[2] for verb in verbs] == ["created", "saved", "deleted"]


@pytest.mark.parametrize(("resource", "new", "change"), LIVES)
def test_a_collector_changes_no_configuration(api_for, collector, resource, new, change):
    refusal(api_for(collector).post(f"/api/v1/{resource}/", new), 403)


def test_a_template_that_made_agreements_stays(api, agreement_template):
    refusal(api.delete(f"/api/v1/agreement-templates/{agreement_template.pk}/"), 409)


@pytest.fixture
def agreement_template(agency, creditor, debtor, implementer):
    with scope(agency=agency):
        make_plain_campaign(creditor)
        contract = make_contract(creditor, debtor)
        make_book(contract, ["100.00"])
        template = AgreementTemplate.objects.create(agency=agency, name="À vista")
        agree(contract, implementer, template=template)
    return template


def test_the_trail_is_read_by_who_audits(api_for, auditor, collector, api):
    api.post("/api/v1/holidays/", LIVES[0][1])
    trail = "/api/v1/audit-entries/"

    (entry,) = results(api_for(auditor), trail, action="holiday.created")

    assert (entry["actor_name"], entry["action_name"]) == ("ines", "Inclusão")
    assert entry["changes"]["feriado"] == ["Vazio", "Véspera"]
    assert results(api_for(auditor), trail, end="2000-01-01") == []
    refusal(api_for(collector).get(trail), 403)
    refusal(api_for(auditor).delete(f"{trail}{entry['id']}/"), 405)


def test_what_waits_to_leave_is_given_up(api, agency):
    event = OutboxEvent._base_manager.create(agency=agency, topic="x.y", idempotency_key="1")
    place = f"/api/v1/outbox-events/{event.pk}/"

    assert api.post(f"{place}discard/").json()["status"] == "discarded"
    refusal(api.post(f"{place}retry/"), 409)


def test_refused_announcements_are_listed(api, agency):
    told = {"system": "sienge", "status": 401, "reason": "Token errado"}
    refused = WebhookRefusal._base_manager.create(agency=agency, **told)

    assert ids(api, "/api/v1/webhook-refusals/", status=401) == [refused.pk]


def test_a_creditor_type_is_switched_off_while_nobody_uses_it(api, agency, creditor):
    CreditorTypeActivation._base_manager.create(agency=agency, code="SIENGE")
    off = "/api/v1/creditor-types/deactivate/"
    refusal(api.post(off, {"code": "SIENGE"}), 409)

    type(creditor)._base_manager.filter(pk=creditor.pk).update(creditor_type="")

    assert api.post(off, {"code": "SIENGE"}).json()["is_active"] is False


def test_settings_and_contract_types_are_confirmed(api, creditor, in_scope):
    kind = make_contract_type(creditor.agency, is_validated=False)

    confirmed = api.post(f"/api/v1/creditors/{creditor.pk}/confirm-settings/", {})
    assert confirmed.json() == {"confirmed": 0}
    assert api.post(f"/api/v1/contract-types/{kind.pk}/confirm/").json()["is_validated"] is True


def test_the_steps_of_the_implantacao_are_told(api, api_for, collector):
    steps = results(api, "/api/v1/onboarding-steps/")

    assert {"done", "missing"} >= {step["state"] for step in steps}
    assert all(step["title"] and step["page"] for step in steps)
    refusal(api_for(collector).get("/api/v1/onboarding-steps/"), 403)


def test_a_parameter_without_a_list_says_so(api):
    asked = {"section": "Integrações", "key": "log_retention_days"}

    assert errors(api.get("/api/v1/parameters/choices/", asked)) == {
        "key": ["Este parâmetro se digita: não há lista."]
    }


@pytest.mark.parametrize("query", ["debtor=", "debtor=&debtor=1", "status="])
def test_a_filter_without_a_value_does_not_pass_for_all(api, query):
    refusal(api.get(f"/api/v1/installments/?{query}"), 400)


def test_documents_of_an_agreement_are_pdfs(api, agreement_template):
    agreement = Agreement._base_manager.get(template=agreement_template)
    for paper in ("term", "debt-statement", "statement"):
        answer = api.get(f"/api/v1/agreements/{agreement.pk}/{paper}/")
        assert answer.status_code == 200, paper
        assert answer.content.startswith(b"%PDF")
        assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("paper", ["calculation", "debt", None])
def test_documents_of_a_calculation_are_pdfs_and_nothing_is_saved(api, late_debtor, paper):
    sent = {"debtor": late_debtor.pk} | ({"document": paper} if paper else {})

    answer = api.post("/api/v1/calculation-documents/", sent)

    assert answer.status_code == 200, answer.content
    assert answer.content.startswith(b"%PDF")
    assert not Quote._base_manager.exists()


@pytest.fixture
def late_debtor(agency, creditor, debtor):
    with scope(agency=agency):
        make_plain_campaign(creditor)
        make_book(make_contract(creditor, debtor), ["100.00"])
    return debtor


@pytest.mark.parametrize(
    "sent",
    [{"day": "2026-01-02", "name": 12}, {"day": "2026-01-02", "name": True}],
)
def test_a_number_is_no_text(api, sent):
    assert list(errors(api.post("/api/v1/holidays/", sent))) == ["name"]


def test_days_are_what_was_sent(api):
    made = api.post("/api/v1/holidays/", {"day": "2026-06-04", "name": "Corpus Christi"}).json()

    assert date.fromisoformat(made["day"]) == date(2026, 6, 4)
