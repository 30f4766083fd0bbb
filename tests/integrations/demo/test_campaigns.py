import pytest

from cobranca.campaigns.brackets import gaps
from cobranca.campaigns.models import Campaign
from cobranca.campaigns.services import CASH
from cobranca.creditors.onboarding import StepState, checklist
from integrations.demo.campaigns import ensure_campaign

pytestmark = pytest.mark.usefixtures("in_scope")


def step(agency):
    return next(each for each in checklist(agency) if each.step.code == "campaigns")


def test_the_demonstration_gives_each_creditor_one_campaign(agency, creditor, implementer):
    for _ in range(2):
        ensure_campaign(creditor, implementer)

    campaign = Campaign.objects.get()
    assert gaps([CASH.values(row) for row in campaign.cash_brackets.all()]) == []
    assert {row.fee_percent for row in campaign.cash_brackets.all()} == {10}
    assert campaign.instalment_brackets.count() == 3
    assert step(agency).finding.state == StepState.DONE
