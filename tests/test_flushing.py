"""What a test that commits leaves is gone for the next; what was there from the start stays."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django_scopes import scopes_disabled

from cobranca.accounts.models import Agency
from cobranca.accounts.roles import COLLECTOR, ROLES
from cobranca.debtors.models import Debtor
from cobranca.dunning.models import ContactRule
from tests import factories


def flush() -> None:
    call_command("flush", verbosity=0, interactive=False, reset_sequences=False)


def roles() -> dict[str, int]:
    return {group.name: group.permissions.count() for group in Group.objects.all()}


@pytest.mark.django_db(transaction=True)
def test_rows_go_and_what_every_database_has_stays(agency):
    with scopes_disabled():
        factories.make_debtor(agency)
        before = (roles(), Permission.objects.count(), ContactRule.objects.count())

    flush()

    with scopes_disabled():
        assert (Agency.objects.count(), Debtor.objects.count()) == (0, 0)
        assert (roles(), Permission.objects.count(), ContactRule.objects.count()) == before
        assert set(before[0]) == set(ROLES)


@pytest.mark.django_db(transaction=True)
def test_what_a_test_changed_of_it_is_made_again():
    before = (roles(), ContactRule.objects.count())
    Group.objects.create(name="De passagem")
    Group.objects.get(name=COLLECTOR).permissions.clear()
    ContactRule.objects.all().delete()

    flush()

    assert (roles(), ContactRule.objects.count()) == before
