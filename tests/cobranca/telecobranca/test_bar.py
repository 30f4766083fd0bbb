"""What the top bar says: until when one may call, whom one saw last."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from cobranca.common import clock
from cobranca.contracts.summary import refresh_summaries
from cobranca.debtors.models import Address, DebtorReading, Phone
from cobranca.debtors.reading import DEBTOR_PAGE, EXPORT, note_reading
from cobranca.telecobranca.bar import standing_at_large, standing_of
from cobranca.telecobranca.recent import recent_debtors
from tests import factories

TUESDAY = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)  # noon in São Paulo
NIGHT = datetime(2026, 3, 11, 2, 0, tzinfo=UTC)  # 23:00 of that Tuesday
SUNDAY = datetime(2026, 3, 15, 15, 0, tzinfo=UTC)


@pytest.fixture
def debtors(agency, in_scope):
    made = [factories.make_debtor(agency, name=f"Pessoa {number}") for number in range(7)]
    refresh_summaries([each.pk for each in made])
    return made


def test_by_day_the_bar_says_until_when(agency, in_scope):
    told = standing_at_large(agency.pk, TUESDAY)

    assert told.is_allowed
    assert told.text.startswith("Contato até ")
    assert told.changes_at > TUESDAY


@pytest.mark.parametrize("at", [NIGHT, SUNDAY])
def test_at_night_and_on_sundays_it_says_from_when(agency, in_scope, at):
    told = standing_at_large(agency.pk, at)

    assert not told.is_allowed
    assert told.text.startswith("Contato a partir de ")
    assert told.reason
    assert told.changes_at > at


def test_on_a_debtors_page_it_speaks_of_where_they_live(agency, in_scope, debtor):
    own = {"agency": agency, "debtor": debtor, "is_main": True}
    Address.objects.create(**own, street="Rua A", state="AM", city="Manaus")
    Phone.objects.create(**own, number="92991234567", kind="mobile")

    told = standing_of(debtor, TUESDAY)

    assert told.is_allowed
    assert told.text.endswith("(AM)")


def test_the_last_seen_come_first_and_once(debtors, collector, implementer):
    now = clock.now()
    for hours, number in ((9, 0), (7, 1), (5, 2), (3, 0), (1, 3)):
        note_reading(debtors[number].pk, collector, DEBTOR_PAGE, now - timedelta(hours=hours))
    note_reading(debtors[4].pk, collector, EXPORT, now)
    note_reading(debtors[5].pk, implementer, DEBTOR_PAGE, now)

    found = recent_debtors(collector, now)

    assert [row.debtor.name for row in found] == ["Pessoa 3", "Pessoa 0", "Pessoa 2", "Pessoa 1"]


def test_what_was_seen_long_ago_is_forgotten(debtors, collector):
    now = clock.now()
    note_reading(debtors[0].pk, collector, DEBTOR_PAGE, now - timedelta(days=15))

    assert recent_debtors(collector, now) == []
    assert DebtorReading.objects.count() == 1


def test_the_command_bar_offers_them_before_anything_is_typed(
    debtors, collector, client_for, django_assert_max_num_queries
):
    note_reading(debtors[2].pk, collector, DEBTOR_PAGE, clock.now())
    client = client_for(collector)

    with django_assert_max_num_queries(8):  # session, user, roles, permissions; readings, rows
        html = client.get(reverse("telecobranca:quick_search")).content.decode()

    assert "Vistos há pouco" in html
    assert html.count('role="option"') == 1


def test_pages_pay_nothing_for_the_bar(client_for, collector):
    html = client_for(collector).get(reverse("telecobranca:search")).content.decode()

    assert f'hx-get="{reverse("telecobranca:bar")}"' in html
    assert "Contato até" not in html


def test_the_bar_of_a_debtors_page_asks_about_them(client_for, collector, debtor):
    page = client_for(collector).get(reverse("telecobranca:debtor", args=[debtor.pk]))

    assert f"{reverse('telecobranca:bar')}?devedor={debtor.pk}" in page.content.decode()


def test_a_debtor_of_another_agency_is_not_spoken_of(client_for, collector, other_agency):
    debtor = factories.make_debtor(other_agency)

    answer = client_for(collector).get(f"{reverse('telecobranca:bar')}?devedor={debtor.pk}")

    assert answer.status_code == 404
