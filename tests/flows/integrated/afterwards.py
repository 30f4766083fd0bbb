"""What happens after an agreement was made, and what is then to be seen of it."""

from datetime import timedelta

import time_machine

from cobranca.agreements.models import Agreement
from cobranca.agreements.tasks_erp import send_waiting
from cobranca.common import clock
from cobranca.contracts.models import Event
from integrations.core.tasks_operations import undo_unwanted
from tests.flows.agreeing import deliver


def late_numbers(desk, contract):
    late = contract.installments.filter(status="open", due_date__lt=desk.day)
    return sorted(late.values_list("number", flat=True))


def fresh(agreement):
    return Agreement.objects.get(pk=agreement.pk)


def minutes_later(minutes=5):
    """What runs by itself does, some minutes later."""
    with time_machine.travel(clock.now() + timedelta(minutes=minutes)):
        send_waiting()
        deliver()
        undo_unwanted()


def next_load(desk, *, full=False, days=1):
    """Let a day go by, load, and do what that brings about."""
    desk.next_day(days)
    with time_machine.travel(desk.now()):
        run = desk.load(full=full)
        assert run.status == "done", run.message
        deliver()


def texts(contract, kind):
    told = Event.objects.filter(contract=contract, kind=kind).order_by("pk")
    return list(told.values_list("text", flat=True))


def pay_there(desk, contract, number, **how):
    desk.erp.act("pay", bill=int(contract.external_id), installment=number, **how)
