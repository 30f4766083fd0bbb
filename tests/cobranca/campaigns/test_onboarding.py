from datetime import timedelta

import pytest
from django.urls import reverse

from cobranca.campaigns.services import save_brackets
from cobranca.common import clock
from cobranca.creditors.onboarding import StepState, checklist
from tests.cobranca.campaigns.making import cash, make_campaign
from tests.factories import make_creditor

pytestmark = pytest.mark.usefixtures("in_scope")


def step(agency):
    return next(each for each in checklist(agency) if each.step.code == "campaigns")


def test_the_step_waits_for_creditors(agency):
    assert step(agency).finding.detail == "Cadastre antes os credores."


def test_the_step_is_done_when_every_active_creditor_has_a_valid_campaign(agency, creditor):
    other = make_creditor(agency, trade_name="Alpínia")
    make_creditor(agency, is_active=False)
    for each in (creditor, other):
        make_campaign(each, valid_to=clock.today() - timedelta(days=1))
        save_brackets(campaign=make_campaign(creditor), cash=[cash()], actor=None)

    found = step(agency)
    assert found.finding.state == StepState.MISSING
    assert found.finding.detail == "Sem campanha vigente: Alpínia."
    assert found.url == reverse("admin:campaigns_campaign_changelist")
    assert not found.step.is_optional

    save_brackets(campaign=make_campaign(other), cash=[cash()], actor=None)
    assert step(agency).finding.state == StepState.DONE
