"""The lists behind the figures of the board."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from cobranca.agreements.models import Agreement, AgreementPayment
from cobranca.agreements.states import AgreementStatus
from cobranca.debtors.sight import seen
from cobranca.dunning.models import Callback, ContactAttempt, ContactRecord, Promise
from cobranca.dunning.states import CallbackStatus, PromiseStatus
from cobranca.telecobranca.figures import day_bounds
from cobranca.telecobranca.models import QueueEntry

MADE = (AgreementStatus.ACTIVE, AgreementStatus.SETTLED, AgreementStatus.BROKEN)


@dataclass(frozen=True)
class Asked:
    """Of which day, at which instant; of whom and of which queue when that is told.

    `office` are the teams beyond which whoever looks sees nobody's work; None: everybody's.
    """

    on: date
    at: datetime
    person: int | None = None
    team: int | None = None
    queue: int | None = None
    office: Collection[int] | None = None

    def of(self, column: str) -> Q:
        """Return the condition that a row is of who is asked for, `column` naming the person."""
        within = Q() if self.office is None else Q(**{f"{column}__team__in": self.office})
        if self.person is not None:
            return within & Q(**{column: self.person})
        return within & Q(**{f"{column}__team": self.team}) if self.team is not None else within


@dataclass(frozen=True)
class Row:
    """One line: when (an instant or a day), whom it is about, who did it, what, how much."""

    when: datetime | date | None
    debtor: Any
    person: Any
    text: str
    amount: Decimal | None = None
    url: str = ""


@dataclass(frozen=True)
class Listing:
    """A list: its title, its rows in order, and how one is shown."""

    title: str
    find: Callable[[Asked], QuerySet[Any]]
    show: Callable[[Any], Row]
    empty: str
    # What the first column says, and whether an amount is shown.
    when: str = "Quando"
    has_amount: bool = False
    # How a row leads to its debtor.
    debtor: str = "debtor"

    def rows(self, asked: Asked) -> QuerySet[Any]:
        """Return what is asked for, of debtors whom whoever looks may open."""
        return seen(self.find(asked), self.debtor)


def _records(asked: Asked) -> QuerySet[ContactRecord]:
    start, end = day_bounds(asked.on)
    found = ContactRecord.objects.filter(
        asked.of("actor"), happened_at__gte=start, happened_at__lt=end
    )
    return found.select_related("debtor", "actor", "result").order_by("-happened_at", "-pk")


def _show_record(row: ContactRecord) -> Row:
    text = f"{row.get_channel_display()}: {row.result}"
    return Row(row.happened_at, row.debtor, row.actor, text)


def _promises(asked: Asked) -> QuerySet[Promise]:
    found = Promise.objects.filter(asked.of("actor")).select_related("debtor", "actor")
    return found.order_by("-pk")


def _show_promise(row: Promise) -> Row:
    text = f"Para {row.promised_on:%d/%m/%Y}"
    return Row(row.made_on, row.debtor, row.actor, text, row.amount)


def _show_due(row: Promise) -> Row:
    text = f"Feita em {row.made_on:%d/%m/%Y}"
    return Row(row.promised_on, row.debtor, row.actor, text, row.amount)


def _open_promises(asked: Asked) -> QuerySet[Promise]:
    return _promises(asked).filter(status=PromiseStatus.OPEN)


def _agreements(asked: Asked) -> QuerySet[Agreement]:
    found = Agreement.objects.filter(asked.of("made_by"), made_on=asked.on, status__in=MADE)
    return found.select_related("debtor", "made_by").order_by("-pk")


def _show_agreement(row: Agreement) -> Row:
    url = reverse("telecobranca:agreement", args=[row.pk])
    return Row(row.made_on, row.debtor, row.made_by, str(row), row.total, url)


def _receipts_of_month(asked: Asked) -> QuerySet[AgreementPayment]:
    found = AgreementPayment.objects.filter(
        asked.of("agreement__made_by"),
        paid_on__range=(asked.on.replace(day=1), asked.on),
        reversed_on=None,
    )
    return found.select_related("agreement__debtor", "agreement__made_by").order_by(
        "-paid_on", "-pk"
    )


def _receipts(asked: Asked) -> QuerySet[AgreementPayment]:
    return _receipts_of_month(asked).filter(paid_on=asked.on)


def _show_receipt(row: AgreementPayment) -> Row:
    of = row.agreement
    url = reverse("telecobranca:agreement", args=[of.pk])
    return Row(row.paid_on, of.debtor, of.made_by, f"{of}, {row.means}", row.amount, url)


def _refusals(asked: Asked) -> QuerySet[ContactAttempt]:
    start, end = day_bounds(asked.on)
    found = ContactAttempt.objects.filter(
        asked.of("actor"), is_allowed=False, at__gte=start, at__lt=end
    )
    return found.select_related("debtor", "actor").order_by("-at", "-pk")


def _show_refusal(row: ContactAttempt) -> Row:
    return Row(row.at, row.debtor, row.actor, f"{row.get_channel_display()}: {row.reason}")


def _callbacks(asked: Asked) -> QuerySet[Callback]:
    whose = asked.of("assigned_to")
    if asked.office is not None and asked.person is None and asked.team is None:
        whose |= Q(assigned_to=None)  # of their debtors, whoever it will be
    found = Callback.objects.filter(whose, status=CallbackStatus.WAITING, at__lt=asked.at)
    return found.select_related("debtor", "assigned_to").order_by("at", "pk")


def _show_callback(row: Callback) -> Row:
    return Row(row.at, row.debtor, row.assigned_to, row.note)


def _held(asked: Asked) -> QuerySet[QueueEntry]:
    found = QueueEntry.objects.filter(
        asked.of("held_by"), held_by__isnull=False, held_until__gt=asked.at
    )
    return found.select_related("debtor", "held_by", "queue").order_by("held_at", "pk")


def _waiting(asked: Asked) -> QuerySet[QueueEntry]:
    found = QueueEntry.objects.filter(available_at__lte=asked.at).exclude(
        held_by__isnull=False, held_until__gt=asked.at
    )
    if asked.queue is not None:
        found = found.filter(queue=asked.queue)
    return found.select_related("debtor", "reserved_for", "queue").order_by("rank", "pk")


def _show_held(row: QueueEntry) -> Row:
    return Row(row.held_at, row.debtor, row.held_by, str(row.queue))


def _show_waiting(row: QueueEntry) -> Row:
    return Row(row.available_at, row.debtor, row.reserved_for, str(row.queue))


LISTS: dict[str, Listing] = {
    "trabalhando": Listing(
        "Em atendimento agora", _held, _show_held, "Ninguém está com um devedor da fila.", "Desde"
    ),
    "acionamentos": Listing(
        "Acionamentos de hoje", _records, _show_record, "Nenhum acionamento hoje."
    ),
    "efetivos": Listing(
        "Contatos com a pessoa certa, hoje",
        lambda asked: _records(asked).filter(result__is_effective=True),
        _show_record,
        "Ainda não se falou com ninguém hoje.",
    ),
    "promessas": Listing(
        "Promessas feitas hoje",
        lambda asked: (
            _promises(asked).filter(made_on=asked.on).exclude(status=PromiseStatus.CANCELLED)
        ),
        _show_promise,
        "Nenhuma promessa hoje.",
        "Feita em",
        has_amount=True,
    ),
    "acordos": Listing(
        "Acordos de hoje",
        _agreements,
        _show_agreement,
        "Nenhum acordo hoje.",
        "Feito em",
        has_amount=True,
    ),
    "recebidos": Listing(
        "Recebido de acordos hoje",
        _receipts,
        _show_receipt,
        "Nada recebido hoje.",
        "Pago em",
        has_amount=True,
        debtor="agreement__debtor",
    ),
    "recebidos-mes": Listing(
        "Recebido de acordos neste mês",
        _receipts_of_month,
        _show_receipt,
        "Nada recebido neste mês.",
        "Pago em",
        has_amount=True,
        debtor="agreement__debtor",
    ),
    "recusados": Listing(
        "Contatos recusados hoje", _refusals, _show_refusal, "Nenhum contato foi recusado hoje."
    ),
    "retornos": Listing(
        "Retornos atrasados", _callbacks, _show_callback, "Nenhum retorno atrasado.", "Era para"
    ),
    "vencem-hoje": Listing(
        "Promessas que vencem hoje",
        lambda asked: _open_promises(asked).filter(promised_on=asked.on),
        _show_due,
        "Nenhuma promessa vence hoje.",
        "Para",
        has_amount=True,
    ),
    "vencidas": Listing(
        "Promessas vencidas em aberto",
        lambda asked: (
            _open_promises(asked).filter(promised_on__lt=asked.on).order_by("promised_on", "pk")
        ),
        _show_due,
        "Nenhuma promessa vencida.",
        "Era para",
        has_amount=True,
    ),
    "fila": Listing(
        "Aguardando na fila", _waiting, _show_waiting, "Ninguém aguarda.", "Disponível desde"
    ),
}


def counts_of(asked: Asked) -> tuple[int, ...]:
    """Return how many contacts were refused, callbacks are late, promises fall due, were missed."""
    waits = ("recusados", "retornos", "vencem-hoje", "vencidas")
    return tuple(LISTS[name].rows(asked).order_by().count() for name in waits)
