from datetime import date, timedelta

import pytest
from django.urls import reverse
from django_scopes import scope

from cobranca.audit.models import AuditEntry
from cobranca.common.errors import DomainError
from cobranca.scheduling import selectors, services
from cobranca.scheduling.models import Holiday
from tests.cobranca.scheduling.conftest import NOW

pytestmark = pytest.mark.usefixtures("in_scope")
# The day after NOW, a Wednesday that is no holiday of anybody else.
TOMORROW = date(2026, 3, 11)
ADD = reverse("admin:scheduling_holiday_add")


@pytest.fixture
def make_holiday(agency):
    def make(day=TOMORROW, name="Aniversário da cidade", owner=agency):
        holiday = Holiday(agency=owner, day=day, name=name)
        return services.save_holiday(holiday=holiday, actor=None)

    return make


def test_an_agency_has_its_own_days_off(agency, other_agency, make_holiday):
    make_holiday()
    with scope(agency=other_agency):
        make_holiday(day=date(2026, 3, 12), owner=other_agency)

    assert selectors.holidays_of(agency) == {TOMORROW}


def test_a_task_of_business_days_rests_on_them(make_task, make_holiday):
    task = make_task(business_days_only=True)
    every_day = make_task()
    make_holiday()

    assert services.ring(task_id=every_day.pk, now=NOW + timedelta(days=1)).due_at.day == 11
    assert services.ring(task_id=task.pk, now=NOW + timedelta(days=1)) is None
    (line,) = [x for x in selectors.task_lines(task.agency, now=NOW) if x.task == task]
    assert line.next_due.day == 12


def test_the_list_of_tasks_reads_them_once(
    agency, make_task, make_holiday, django_assert_num_queries
):
    make_holiday()
    for _ in range(4):
        make_task(business_days_only=True)

    with django_assert_num_queries(2):  # tasks with holidays, their last runs
        selectors.task_lines(agency, now=NOW)


def test_a_holiday_is_kept_on_its_screen(agency, implementer, client_for):
    client = client_for(implementer)

    client.post(ADD, {"day": "11/03/2026", "name": " Aniversário da cidade "})
    holiday = Holiday.objects.get()
    assert (holiday.agency, holiday.name) == (agency, "Aniversário da cidade")

    client.post(reverse("admin:scheduling_holiday_delete", args=[holiday.pk]), {"post": "yes"})
    assert not Holiday.objects.exists()
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["holiday.created", "holiday.deleted"]


def test_a_day_is_a_holiday_once(make_holiday, implementer, client_for):
    make_holiday()

    answer = client_for(implementer).post(ADD, {"day": "11/03/2026", "name": "Outro"})

    assert "já está entre os feriados" in answer.content.decode()
    for day, name, field in ((TOMORROW, "Outro", "day"), (date(2026, 3, 12), " ", "name")):
        with pytest.raises(DomainError) as refused:
            make_holiday(day, name)
        assert refused.value.field == field


def test_another_agencys_days_are_its_own(make_holiday, stranger, supervisor, client_for):
    page = reverse("admin:scheduling_holiday_change", args=[make_holiday().pk])

    assert client_for(stranger).get(page).status_code == 404
    assert client_for(supervisor).post(page, {"day": "11/03/2026", "name": "X"}).status_code == 403
