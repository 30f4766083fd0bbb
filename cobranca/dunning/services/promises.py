"""Promises: made with a contact, cancelled by a person; `settling` keeps or breaks them."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from cobranca.accounts.models import User
from cobranca.audit.services import log_action
from cobranca.calc.money import ZERO
from cobranca.calc.words import reais
from cobranca.common.errors import DomainError
from cobranca.contracts.models import EventKind
from cobranca.contracts.services import record_event
from cobranca.debtors.models import Debtor
from cobranca.dunning.models import ContactRecord, Promise
from cobranca.dunning.owed import owed_on
from cobranca.dunning.services.summary import refresh_next_promises
from cobranca.dunning.states import PromiseStatus, check_promise_move

REASON_LENGTH = 200
LARGEST = Decimal("999999999999.99")


@dataclass(frozen=True)
class PromiseGiven:
    """The day and the amount that a debtor gave."""

    promised_on: date
    amount: Decimal


@dataclass(frozen=True)
class MadePromise:
    """A promise and how the timeline says it."""

    promise: Promise
    told: str


def make_promise(record: ContactRecord, given: PromiseGiven, *, on: date) -> MadePromise:
    """Keep what a debtor promised; the caller holds the transaction and the debtor's lock.

    Raises DomainError at promised_on or amount.
    """
    _check_day(given, record, on)
    _check_amount(given, record)
    promise = Promise.objects.create(
        agency_id=record.agency_id,
        debtor_id=record.debtor_id,
        contract_id=record.contract_id,
        record=record,
        made_on=on,
        promised_on=given.promised_on,
        amount=given.amount,
        actor=record.actor,
    )
    told = f"{reais(given.amount)} em {given.promised_on:%d/%m/%Y}"
    changes = {"promessa": ["", told]}
    log_action("promise.made", promise, record.actor, agency=record.agency, changes=changes)
    refresh_next_promises([record.debtor_id])
    return MadePromise(promise, f"Promessa: {told}")


@transaction.atomic
def cancel_promise(*, promise_id: int, reason: str, actor: User, on: date) -> Promise:
    """Call an open promise off, saying why."""
    words = " ".join(reason.split())
    if not words:
        raise DomainError("Diga por que a promessa é cancelada.", "reason")
    if len(words) > REASON_LENGTH:
        raise DomainError(f"Motivo longo demais: até {REASON_LENGTH} letras.", "reason")
    promise = (
        Promise.objects.select_for_update(of=("self",))
        .select_related("debtor__agency", "contract")
        .get(pk=promise_id)
    )
    check_promise_move(promise.status, PromiseStatus.CANCELLED)
    promise.status, promise.reason, promise.settled_on = PromiseStatus.CANCELLED, words, on
    promise.save(update_fields=["status", "reason", "settled_on"])
    record_event(
        EventKind.CONTACT,
        debtor=promise.debtor,
        contract=promise.contract,
        title="Promessa cancelada",
        text=f"{reais(promise.amount)} em {promise.promised_on:%d/%m/%Y}\n{words}",
        actor=actor,
    )
    changes = {"situação": ["Em aberto", "Cancelada"], "motivo": ["", words]}
    log_action("promise.cancelled", promise, actor, agency=promise.debtor.agency, changes=changes)
    refresh_next_promises([promise.debtor_id])
    return promise


def _check_day(given: PromiseGiven, record: ContactRecord, on: date) -> None:
    most = record.result.promise_days
    if given.promised_on < on:
        raise DomainError("A data da promessa já passou: informe hoje ou adiante.", "promised_on")
    if given.promised_on - on > timedelta(days=most):
        last = on + timedelta(days=most)
        raise DomainError(
            f"Prazo longo demais: a promessa é para até {last:%d/%m/%Y}. "
            "Além disso, faça um acordo.",
            "promised_on",
        )


def _check_amount(given: PromiseGiven, record: ContactRecord) -> None:
    if not ZERO < given.amount <= LARGEST:
        raise DomainError("Informe um valor acima de R$ 0,00.", "amount")
    if given.amount != given.amount.quantize(ZERO):
        raise DomainError("Informe o valor em reais e centavos.", "amount")
    standing = Promise.objects.filter(debtor=record.debtor_id, status=PromiseStatus.OPEN)
    if record.contract is not None:
        standing = standing.filter(contract=record.contract)
    promised = standing.aggregate(total=Sum("amount"))["total"] or ZERO
    if record.contract is None and given.amount + promised <= _bare_total(record.debtor):
        return
    owed = owed_on(record.debtor_id, given.promised_on, record.contract) - promised
    if owed <= ZERO and promised:
        raise DomainError(
            f"Já há promessa em aberto de {reais(promised)}, de tudo o que é devido: "
            "cancele-a antes de registrar outra.",
            "amount",
        )
    if owed <= ZERO:
        raise DomainError("Não há nada a pagar: a promessa não é registrada.", "amount")
    if given.amount > owed:
        raise DomainError(_too_much(given, owed, promised), "amount")


def _too_much(given: PromiseGiven, owed: Decimal, promised: Decimal) -> str:
    beside = f", além da promessa já em aberto de {reais(promised)}" if promised else ""
    return f"Acima do que é devido em {given.promised_on:%d/%m/%Y}: até {reais(owed)}{beside}."


def _bare_total(debtor: Debtor) -> Decimal:
    summary = getattr(debtor, "summary", None)
    return summary.open_total if summary is not None else ZERO
