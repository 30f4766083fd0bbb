import pytest
from django.urls import reverse

from cobranca.creditors import services
from cobranca.creditors.models import ContractType
from cobranca.creditors.onboarding import StepState, checklist
from integrations.sienge import parameters as sienge_parameters

pytestmark = pytest.mark.usefixtures("in_scope")


def states(agency):
    return {each.step.code: each.finding.state for each in checklist(agency)}


def test_the_steps_follow_the_playbook(agency):
    codes = [each.step.code for each in checklist(agency)]

    assert codes == [
        "sienge_parameters",
        "sienge_package",
        "creditor_type",
        "creditors",
        "connection",
        "permissions",
        "automatic_settings",
        "branches",
        "contract_type",
        "campaigns",
        "first_load",
        "tasks",
        "webhooks",
    ]


def test_everything_is_missing_in_a_new_agency(agency):
    assert set(states(agency).values()) == {StepState.MISSING}


def test_each_step_follows_what_is_really_there(agency, sienge_creditor, implementer):
    for parameter, text in (
        (sienge_parameters.USER, "obra-api"),
        (sienge_parameters.PASSWORD, "segredo1"),
        (sienge_parameters.API_ADDRESS, "https://api.sienge.com.br/obra/public/api/v1"),
    ):
        services.set_parameter(parameter, text, agency=agency, actor=implementer)

    found = states(agency)
    assert found["sienge_parameters"] == StepState.DONE
    assert found["creditor_type"] == StepState.DONE
    assert found["creditors"] == StepState.DONE
    assert found["automatic_settings"] == StepState.TO_VALIDATE
    assert found["contract_type"] == StepState.TO_VALIDATE
    assert found["connection"] == StepState.MISSING
    assert found["first_load"] == StepState.MISSING


def test_confirming_turns_to_validate_into_done(agency, sienge_creditor, implementer):
    services.confirm_validation(creditor=sienge_creditor, actor=implementer)
    services.confirm_contract_type(contract_type=ContractType.objects.get(), actor=implementer)

    found = states(agency)
    assert found["automatic_settings"] == StepState.DONE
    assert found["contract_type"] == StepState.DONE


def test_the_page_shows_each_step_with_its_link(implementer, sienge_creditor, client_for):
    page = client_for(implementer).get(reverse("creditors:onboarding"))

    assert page.status_code == 200
    text = page.content.decode()
    assert "Configurar os parâmetros da integração Sienge" in text
    assert "A validar" in text
    assert reverse("scheduling:tasks") in text


def test_the_step_of_validation_leads_to_a_section_that_waits(
    agency, sienge_creditor, implementer, client_for
):
    step = next(each for each in checklist(agency) if each.step.code == "automatic_settings")

    page = client_for(implementer).get(step.url)

    assert page.context["creditor"] == sienge_creditor
    assert "Confirmar esta configuração" in page.content.decode()


def test_only_implementers_walk_through_it(supervisor, client_for):
    assert client_for(supervisor).get(reverse("creditors:onboarding")).status_code == 403
