from datetime import date

import pytest

from cobranca.campaigns.models import IndexValue
from integrations.demo.indices import ensure_index

pytestmark = pytest.mark.usefixtures("in_scope")


def test_the_demonstration_has_an_index_up_to_this_month(agency, implementer):
    ensure_index(agency, implementer, on=date(2026, 3, 20))

    months = IndexValue.objects.order_by("month").values_list("month", flat=True)
    assert (months.first(), months.last()) == (date(2015, 1, 1), date(2026, 3, 1))
    assert len(months) == 11 * 12 + 3


def test_a_later_start_adds_months_and_changes_none(agency, implementer):
    ensure_index(agency, implementer, on=date(2026, 3, 20))
    before = dict(IndexValue.objects.values_list("month", "value"))

    ensure_index(agency, implementer, on=date(2027, 1, 2))

    after = dict(IndexValue.objects.values_list("month", "value"))
    assert set(after) - set(before) == {date(2026, m, 1) for m in range(4, 13)} | {date(2027, 1, 1)}
    assert all(after[month] == value for month, value in before.items())
