"""What people add to a debtor's timeline."""

from django.db import transaction

from cobranca.accounts.models import User
from cobranca.common.errors import DomainError
from cobranca.contracts.models import Contract, Event, EventKind
from cobranca.debtors.models import Debtor

NOTE_LIMIT = 4000
TITLE_LIMIT = 80


@transaction.atomic
def add_note_event(
    *, debtor: Debtor, text: str, actor: User, title: str = "", contract_id: int | None = None
) -> Event:
    """Write a note of `actor` on a debtor's timeline, on one of the debtor's contracts if told."""
    words, heading = text.strip(), " ".join(title.split())
    if not words:
        raise DomainError("Escreva o que aconteceu.", "text")
    if len(words) > NOTE_LIMIT:
        raise DomainError(f"Texto longo demais: até {NOTE_LIMIT} letras.", "text")
    if len(heading) > TITLE_LIMIT:
        raise DomainError(f"Título longo demais: até {TITLE_LIMIT} letras.", "title")
    contract = _contract_of(debtor, contract_id)
    return Event.objects.create(
        agency_id=debtor.agency_id,
        debtor=debtor,
        contract=contract,
        kind=EventKind.NOTE,
        title=heading,
        text=words,
        actor=actor,
    )


def _contract_of(debtor: Debtor, contract_id: int | None) -> Contract | None:
    if contract_id is None:
        return None
    found = Contract.objects.filter(debtor=debtor, pk=contract_id).first()
    if found is None:
        raise DomainError("Este contrato não é deste devedor.", "contract")
    return found
