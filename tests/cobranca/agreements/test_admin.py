import pytest
from django.urls import reverse

from cobranca.agreements import template_locks
from cobranca.agreements.models import AgreementTemplate
from cobranca.agreements.services import save_template
from cobranca.agreements.template_locks import register_template_use, template_is_locked
from cobranca.audit.models import AuditEntry
from cobranca.common.errors import DomainError
from tests.cobranca.agreements.making import agree, pay

TEMPLATES = "admin:agreements_agreementtemplate"


@pytest.fixture
def browser(client_for, implementer):
    return client_for(implementer)


@pytest.fixture
def template(in_scope, implementer):
    return save_template(
        template=AgreementTemplate(agency=in_scope, name="Acordo Boa Vista"), actor=implementer
    )


@pytest.fixture
def in_use(monkeypatch, template):
    monkeypatch.setattr(template_locks, "_uses", [])
    register_template_use(lambda each: "contrato de serviço 7" if each == template else "")
    return template


def test_agreements_are_listed_and_shown_whole(browser, contract, collector):
    agreement = agree(contract, collector, parts=2)
    pay(agreement, collector, "10.00")

    assert "Vigente" in browser.get(reverse("admin:agreements_agreement_changelist")).text
    page = browser.get(reverse("admin:agreements_agreement_change", args=[agreement.pk])).text
    assert "1.500,00" in page
    assert "3712" in page
    assert "Dinheiro" in page


def test_nobody_changes_an_agreement_by_hand(browser, contract, collector):
    agreement = agree(contract, collector)
    address = reverse("admin:agreements_agreement_change", args=[agreement.pk])

    assert browser.post(address, {"total": "1,00"}).status_code == 403
    assert browser.get(reverse("admin:agreements_agreement_add")).status_code == 403


def test_a_template_is_set_up_and_leaves_a_trail(browser, in_scope, implementer):
    body = {"name": " Acordo Serasa ", "effect": "on_creation", "approval": "always"}

    response = browser.post(reverse(f"{TEMPLATES}_add"), body | {"is_active": "on"})

    assert response.status_code == 302, response.text
    made = AgreementTemplate.objects.get()
    assert (made.name, made.get_effect_display(), made.approval) == (
        "Acordo Serasa", "Ao criar", "always",
    )  # fmt: skip
    assert AuditEntry.objects.get(action="agreement_template.created").actor == implementer


def test_in_use_its_effect_and_approval_are_shown_locked(browser, in_use):
    assert template_is_locked(in_use)

    page = browser.get(reverse(f"{TEMPLATES}_change", args=[in_use.pk])).text

    assert 'name="name"' in page
    assert 'name="effect"' not in page
    assert 'name="approval"' not in page
    assert browser.get(reverse(f"{TEMPLATES}_delete", args=[in_use.pk])).status_code == 403


def test_in_use_it_may_still_be_renamed(browser, in_use):
    address = reverse(f"{TEMPLATES}_change", args=[in_use.pk])

    browser.post(address, {"name": "Outro nome", "effect": "on_first_payment"})

    in_use.refresh_from_db()
    assert (in_use.name, in_use.effect, in_use.is_active) == ("Outro nome", "on_creation", False)


def test_the_service_refuses_what_a_contract_relies_on(in_use, implementer):
    in_use.approval = "always"

    with pytest.raises(DomainError, match=r"em uso \(contrato de serviço 7\)") as refusal:
        save_template(template=in_use, actor=implementer)

    assert refusal.value.field == "effect"


def test_out_of_use_everything_changes(template, implementer):
    template.approval = "always"

    save_template(template=template, actor=implementer)

    entry = AuditEntry.objects.get(action="agreement_template.saved")
    assert entry.changes == {"aprovação": ["Conforme a alçada", "Sempre"]}


def test_one_that_made_agreements_is_not_deleted(browser, template, contract, collector):
    agree(contract, collector, template=template)

    assert browser.get(reverse(f"{TEMPLATES}_delete", args=[template.pk])).status_code == 403
    assert "delete_selected" not in browser.get(reverse(f"{TEMPLATES}_changelist")).text


def test_a_supervisor_sets_up_no_templates(client_for, supervisor, template):
    browser = client_for(supervisor)

    assert browser.post(reverse(f"{TEMPLATES}_add"), {"name": "x"}).status_code == 403
