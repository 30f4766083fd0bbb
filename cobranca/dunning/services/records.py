"""Recording a contact with all that follows from it, in one transaction."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction

from cobranca.accounts.models import User
from cobranca.audit.services import log_action
from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.common.phones import format_phone
from cobranca.contracts.models import Contract, EventKind
from cobranca.contracts.services import NOTE_LIMIT, record_event
from cobranca.debtors.models import Debtor, EmailAddress, Phone
from cobranca.debtors.services import set_contact_active
from cobranca.dunning.models import ContactAttempt, ContactRecord, ContactResult
from cobranca.dunning.services.callbacks import CallbackWanted, make_callback
from cobranca.dunning.services.law import attempt_contact
from cobranca.dunning.services.promises import PromiseGiven, make_promise
from cobranca.dunning.services.summary import note_contact
from cobranca.dunning.states import Channel, Direction

# A permission asked for in the morning does not cover a call of the evening.
PERMISSION_HOURS = 4


class ContactRefusedError(DomainError):
    """The law of contact does not allow it; `attempt` says which rule and until when."""

    def __init__(self, attempt: ContactAttempt) -> None:
        super().__init__(attempt.reason or "O contato não é permitido agora.")
        self.attempt = attempt


@dataclass(frozen=True, kw_only=True)
class Contacted:
    """What somebody tells of a contact.

    An outbound one needs the permission that was asked for (`attempt`); channel, phone and
    e-mail are then the permission's. Without it the permission is asked for now.
    """

    result: ContactResult
    direction: str = Direction.OUTBOUND
    channel: str = Channel.CALL
    attempt: ContactAttempt | None = None
    phone: Phone | None = None
    email: EmailAddress | None = None
    contract: Contract | None = None
    text: str = ""
    promise: PromiseGiven | None = None
    callback: CallbackWanted | None = None


def record_contact(*, debtor: Debtor, told: Contacted, actor: User, at: datetime) -> ContactRecord:
    """Record a contact, its promise and its callback; a wrong number is inactivated.

    Raises ContactRefusedError when it is not allowed: the refusal itself is kept, unless the
    caller's transaction is rolled back. Raises DomainError at the field at fault: result,
    attempt, phone, email, contract, text, promised_on, amount, callback_at, assigned_to.
    """
    check_told(debtor, told)
    allowed = ask_permission(debtor=debtor, told=told, actor=actor, at=at)
    return write_record(debtor=debtor, told=allowed, actor=actor, at=at)


def ask_permission(*, debtor: Debtor, told: Contacted, actor: User, at: datetime) -> Contacted:
    """Return `told` with a permission, asked for now when there is none and it takes one."""
    if told.direction == Direction.INBOUND or told.attempt is not None:
        return told
    attempt = attempt_contact(
        debtor=debtor, channel=told.channel, at=at, actor=actor, phone=told.phone, email=told.email
    )
    if not attempt.is_allowed:
        raise ContactRefusedError(attempt)
    return replace(told, attempt=attempt)


@transaction.atomic
def write_record(*, debtor: Debtor, told: Contacted, actor: User, at: datetime) -> ContactRecord:
    """Record a contact that is inbound or has its permission; see `record_contact`."""
    check_told(debtor, told)
    debtor = Debtor.objects.select_for_update(of=("self",)).get(pk=debtor.pk)
    told = _as_permitted(debtor, told, actor, at)
    record = _made(debtor, told, actor, at)
    lines = [_reached(told), told.text.strip()]
    if told.promise is not None:
        lines.append(make_promise(record, told.promise, on=clock.office_date(at)).told)
    if told.callback is not None:
        lines.append(make_callback(record, told.callback, at=at).told)
    record_event(
        EventKind.CONTACT,
        debtor=debtor,
        contract=told.contract,
        title=f"{_way(told)}: {told.result.label}"[:80],
        text="\n".join(filter(None, lines)),
        actor=actor,
        at=at,
    )
    changes = {"resultado": ["", told.result.label]}
    log_action("contact.recorded", record, actor, agency=debtor.agency, changes=changes)
    note_contact(debtor, record.happened_at)
    if told.result.inactivates_phone and told.phone is not None:
        set_contact_active(contact=told.phone, active=False, actor=actor)
    return record


def _made(debtor: Debtor, told: Contacted, actor: User, at: datetime) -> ContactRecord:
    return ContactRecord.objects.create(
        agency_id=debtor.agency_id,
        debtor=debtor,
        contract=told.contract,
        attempt=told.attempt,
        channel=told.channel,
        direction=told.direction,
        phone=told.phone,
        email=told.email,
        result=told.result,
        text=told.text.strip(),
        actor=actor,
        # A call is of when it was allowed, not of when somebody wrote it down.
        happened_at=told.attempt.at if told.attempt else at,
    )


# --- what is refused ------------------------------------------------------------------------------


def check_told(debtor: Debtor, told: Contacted) -> None:
    """Refuse what contradicts itself or is another debtor's, before anybody is called."""
    result = told.result
    _check_of(debtor, "contract", told.contract, "Este contrato não é deste devedor.")
    _check_of(debtor, "phone", told.phone, "Este telefone não é deste devedor.")
    _check_of(debtor, "email", told.email, "Este e-mail não é deste devedor.")
    if not result.is_active or result.agency_id != debtor.agency_id:
        raise DomainError("Este resultado não está em uso.", "result")
    if len(told.text.strip()) > NOTE_LIMIT:
        raise DomainError(f"Texto longo demais: até {NOTE_LIMIT} letras.", "text")
    if result.wants_promise and told.promise is None:
        raise DomainError("Informe para quando e quanto foi prometido.", "promised_on")
    if told.promise is not None and not result.wants_promise:
        raise DomainError(f"“{result.label}” não leva promessa: escolha outro.", "result")
    if result.wants_callback and told.callback is None:
        raise DomainError("Informe quando retornar.", "callback_at")
    number = told.phone or (told.attempt and told.attempt.phone_id)
    if result.inactivates_phone and not number:
        raise DomainError("Diga qual telefone: ele será inativado.", "phone")


def _check_of(
    debtor: Debtor, field: str, row: Contract | Phone | EmailAddress | None, message: str
) -> None:
    if row is not None and row.debtor_id != debtor.pk:
        raise DomainError(message, field)


def _as_permitted(debtor: Debtor, told: Contacted, actor: User, at: datetime) -> Contacted:
    """Return `told` as its permission says; refuse a permission that does not cover it."""
    if told.direction == Direction.INBOUND:
        if told.attempt is not None:
            raise DomainError("Um contato recebido não tem permissão.", "attempt")
        return told
    attempt = told.attempt
    if attempt is None or attempt.debtor_id != debtor.pk or attempt.actor_id != actor.pk:
        raise DomainError("Peça de novo para contatar: esta permissão é de outro.", "attempt")
    if not attempt.is_allowed:
        raise ContactRefusedError(attempt)
    if ContactRecord.objects.filter(attempt=attempt).exists():
        raise DomainError("Este contato já foi registrado.", "attempt")
    if at - attempt.at > timedelta(hours=PERMISSION_HOURS):
        raise DomainError(
            f"A permissão tem mais de {PERMISSION_HOURS} horas: peça de novo.", "attempt"
        )
    return replace(told, channel=attempt.channel, phone=attempt.phone, email=attempt.email)


# --- in words -------------------------------------------------------------------------------------


def _way(told: Contacted) -> str:
    label = str(Channel(told.channel).label)
    return f"{label} recebida" if _is_received_call(told) else label


def _is_received_call(told: Contacted) -> bool:
    return told.direction == Direction.INBOUND and told.channel == Channel.CALL


def _reached(told: Contacted) -> str:
    if told.phone is not None:
        return format_phone(told.phone.number)
    if told.email is not None:
        return told.email.email
    return "Contato recebido" if told.direction == Direction.INBOUND else ""
