"""PLT-11: the API keeps to its own description, whatever it is asked and whoever asks.

FUZZ_EXAMPLES=40 asks for longer, with other calls every time; a few fixed ones are asked in CI.
"""

import os

import pytest
from django.core.cache import cache
from django_scopes import scope, scopes_disabled
from knox.models import AuthToken

from cobranca.accounts.models import Team, User
from cobranca.accounts.roles import ROLES
from cobranca.common import clock
from cobranca.contracts.models import Installment
from cobranca.contracts.summary import refresh_summaries
from cobranca.creditors.models import Creditor
from cobranca.debtors.merging import merge_debtors
from cobranca.telecobranca.distribution import Criteria, Plan, Target, preview
from cobranca.telecobranca.models import Distribution
from cobranca.telecobranca.services.distributing import distribute
from integrations.core.models import ConnectionState
from tests import factories
from tests.cobranca.agreements.making import agree, make_book, make_plain_campaign, pay
from tests.security.fuzzing import NOBODY, Fuzz, api_schema, asked, rows_of
from tests.security.planting import Garden

PARTS = 4
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0"))


@pytest.fixture(scope="module")
def schema():
    return api_schema()


@pytest.fixture
def fuzz(agency, settings, tmp_path) -> Fuzz:
    settings.MEDIA_ROOT = tmp_path
    settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]["user"] = None
    people = {role: factories.make_user(agency, role) for role in ROLES}
    tokens = {role: AuthToken.objects.create(user)[1] for role, user in people.items()}
    rows = rows_of(furnished(Garden(agency, people[ROLES[0]])))
    with scopes_disabled():
        Installment.objects.filter(agency=agency).update(has_boleto=True)
    cache.clear()
    return Fuzz(tokens, rows, EXAMPLES or 2, derandomize=not EXAMPLES)


def furnished(garden: Garden) -> Garden:
    """Give a garden a believable portfolio, where made-up words would say nothing: the rest
    grows from it."""
    creditor = factories.make_creditor(garden.agency, creditor_type="SIENGE", external_code="1")
    debtor = factories.make_debtor(garden.agency)
    with scope(agency=garden.agency):
        campaign, contract = (
            make_plain_campaign(creditor),
            factories.make_contract(creditor, debtor),
        )
        installments = make_book(contract, ["1000.00", "250.00"])
        agreement = agree(contract, garden.user)
        pay(agreement, garden.user)
        made = distributed(creditor, garden.user)
        merged = merge_debtors(
            kept_id=debtor.pk, gone_id=factories.make_debtor(garden.agency).pk, actor=garden.user
        )
        connection = ConnectionState.objects.create(agency=garden.agency, system="sienge")
        rows = (
            creditor, debtor, campaign, contract, installments[0], connection,
            factories.make_branch(creditor), agreement, agreement.quote, agreement.payments.get(),
            made, merged,
        )  # fmt: skip
    garden.rows |= {type(row): row for row in rows}
    return garden


def distributed(creditor: Creditor, actor: User) -> Distribution:
    """Give one debtor to a team."""
    agency, on = creditor.agency, clock.today()
    debtor = factories.make_debtor(agency)
    factories.make_installment(factories.make_contract(creditor, debtor))
    refresh_summaries([debtor.pk])
    team = Team.objects.create(agency=agency, name="Carteira própria")
    plan = Plan(Criteria(), "one", (Target(team),))
    seen = preview(agency.pk, plan, on)
    return distribute(
        agency=agency, plan=plan, digest=seen.digest, actor=actor, on=on, at=clock.now()
    )


@pytest.mark.parametrize("part", range(PARTS))
def test_the_api_keeps_to_its_description(fuzz, schema, part):
    for operation in asked(schema, part=part, parts=PARTS):
        fuzz.ask(operation)

    print(sum(n for who, n in fuzz.calls.items() if who[-3:].isdigit()), "calls", fuzz.calls)
    assert not fuzz.findings, "\n\n".join(f"{w}\n  {t}" for w, t in fuzz.findings.items())
    assert fuzz.calls[f"{NOBODY} 401"]
