"""Blocks of contact: added and lifted by people, in force by date, told on the timeline.

`DebtorSummary.is_blocked` says that a general block is in force; the queue reads it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from cobranca.accounts.models import User
from cobranca.audit.services import log_action
from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.common.phones import format_phone
from cobranca.debtors.changes import ContactChange, announce
from cobranca.debtors.models import BlockScope, BlockSource, ContactBlock, Debtor, Phone

# "Não Me Ligue" takes effect so long after the registration (SP, Lei 13.226/2008).
REGISTER_DELAY = timedelta(days=30)
LONGEST_REASON = 200
# Scopes that may be narrowed to one number.
OF_A_NUMBER = (BlockScope.PHONE, BlockScope.SMS, BlockScope.WHATSAPP)


@dataclass(frozen=True, kw_only=True)
class BlockWanted:
    """What to close, at whose wish, from when to when (both included).

    Without `starts_on`: from today on; of a do-not-call register, thirty days from today.
    """

    scope: str
    source: str
    phone: Phone | None = None
    reason: str = ""
    starts_on: date | None = None
    ends_on: date | None = None


@transaction.atomic
def add_block(*, debtor_id: int, wanted: BlockWanted, actor: User, on: date) -> ContactBlock:
    """Close a channel, or all of them, for a debtor or for one of their numbers.

    Raises DomainError at `scope`, `source`, `phone`, `reason`, `starts_on` or `ends_on`.
    """
    debtor = _locked(debtor_id)
    starts_on = wanted.starts_on or (on + _delay(wanted.source))
    _check(debtor, wanted, starts_on, on)
    _refuse_repeated(debtor, wanted, on)
    block = ContactBlock.objects.create(
        agency_id=debtor.agency_id,
        debtor=debtor,
        scope=wanted.scope,
        phone=wanted.phone,
        source=wanted.source,
        reason=wanted.reason.strip(),
        starts_on=starts_on,
        ends_on=wanted.ends_on,
        created_by=actor,
    )
    changes = {"bloqueio": ["", describe(block)], "motivo": ["", block.reason]}
    _tell(block, "Bloqueio incluído", "block.added", actor, changes)
    refresh_blocked(debtor.agency_id, on, [debtor.pk])
    return block


@transaction.atomic
def lift_block(*, block: ContactBlock, actor: User, at: datetime, reason: str) -> ContactBlock:
    """Take a block away, saying why; one taken away already stays as it is.

    Raises DomainError at `reason` when none is given.
    """
    debtor = _locked(block.debtor_id)
    block = ContactBlock.objects.select_related("phone", "debtor").get(pk=block.pk)
    if block.lifted_at is not None:
        return block
    told = _checked_reason(reason)
    if not told:
        raise DomainError("Diga por que o bloqueio é retirado.", "reason")
    block.lifted_at, block.lifted_by = at, actor
    block.save(update_fields=["lifted_at", "lifted_by"])
    changes = {"bloqueio": [describe(block), "Retirado"], "motivo": ["", told]}
    _tell(block, "Bloqueio retirado", "block.lifted", actor, changes, told)
    refresh_blocked(debtor.agency_id, clock.office_date(at), [debtor.pk])
    return block


def blocks_in_sight(debtor_id: int, on: date) -> QuerySet[ContactBlock]:
    """Return the blocks of a debtor that are in force or still to come, newest first."""
    alive = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    rows = ContactBlock.objects.filter(alive, debtor=debtor_id, lifted_at__isnull=True)
    return rows.select_related("phone", "created_by")


def describe(block: ContactBlock) -> str:
    """Return "Telefone (48) 99999-0000 desde 22/11/2026, pedido do devedor"."""
    number = f" {format_phone(block.phone.number)}" if block.phone else ""
    until = f" até {block.ends_on:%d/%m/%Y}" if block.ends_on else ""
    since = f"desde {block.starts_on:%d/%m/%Y}"
    source = block.get_source_display()
    return f"{block.get_scope_display()}{number} {since}{until}, {source[:1].lower()}{source[1:]}"


# --- in the summary -------------------------------------------------------------------------------

_REFRESH = """
UPDATE debtors_debtorsummary s SET is_blocked = NOT s.is_blocked
WHERE s.agency_id = %(agency)s AND (%(everybody)s OR s.debtor_id = ANY(%(debtors)s))
  AND s.is_blocked <> (s.debtor_id IN (
    SELECT b.debtor_id FROM debtors_contactblock b
    WHERE b.agency_id = %(agency)s AND b.scope = 'general' AND b.lifted_at IS NULL
      AND b.starts_on <= %(on)s AND (b.ends_on IS NULL OR b.ends_on >= %(on)s)
  ))
"""


def refresh_blocked(agency_id: int, on: date, debtors: Collection[int] | None = None) -> int:
    """Bring `is_blocked` up to date on a day, for some debtors or all; return how many changed."""
    given: dict[str, Any] = {
        "agency": agency_id,
        "on": on,
        "everybody": debtors is None,
        "debtors": list(debtors or ()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_REFRESH, given)
        return int(cursor.rowcount)


# --- what is refused ------------------------------------------------------------------------------


def _delay(source: str) -> timedelta:
    return REGISTER_DELAY if source == BlockSource.REGISTER else timedelta(0)


def _check(debtor: Debtor, wanted: BlockWanted, starts_on: date, on: date) -> None:
    if wanted.scope not in BlockScope.values:
        raise DomainError("Escolha o que bloquear.", "scope")
    if wanted.source not in BlockSource.values:
        raise DomainError("Diga a pedido de quem.", "source")
    if wanted.phone is not None and wanted.phone.debtor_id != debtor.pk:
        raise DomainError("Este telefone não é deste devedor.", "phone")
    if wanted.phone is not None and wanted.scope not in OF_A_NUMBER:
        raise DomainError("Só ligações, SMS e WhatsApp se bloqueiam por número.", "phone")
    if wanted.ends_on is not None and wanted.ends_on < max(starts_on, on):
        raise DomainError("O fim não pode ser antes do início, nem já ter passado.", "ends_on")
    _checked_reason(wanted.reason)


def _checked_reason(reason: str) -> str:
    told = reason.strip()
    if len(told) > LONGEST_REASON:
        raise DomainError(f"Motivo longo demais: até {LONGEST_REASON} letras.", "reason")
    return told


def _refuse_repeated(debtor: Debtor, wanted: BlockWanted, on: date) -> None:
    alike = blocks_in_sight(debtor.pk, on).filter(
        scope=wanted.scope, phone=wanted.phone, starts_on__lte=on, ends_on__isnull=True
    )
    if alike.exists():
        raise DomainError("Já há um bloqueio igual em vigor, sem data para acabar.", "scope")


def _locked(debtor_id: int) -> Debtor:
    return Debtor.objects.select_for_update(of=("self",), no_key=True).get(pk=debtor_id)


def _tell(
    block: ContactBlock,
    title: str,
    action: str,
    actor: User,
    changes: dict[str, list[str]],
    reason: str = "",
) -> None:
    lines = [describe(block), reason or block.reason]
    text = ". ".join(filter(None, lines))
    announce(ContactChange(block.debtor, title, text, actor))
    log_action(action, block, actor, agency=block.debtor.agency, changes=changes)
