"""Channels, and the lives of promises and callbacks."""

from django.db.models import TextChoices

from cobranca.common.errors import DomainError


class Channel(TextChoices):
    CALL = "call", "Ligação"
    SMS = "sms", "SMS"
    WHATSAPP = "whatsapp", "WhatsApp"
    EMAIL = "email", "E-mail"
    LETTER = "letter", "Carta"


class Direction(TextChoices):
    OUTBOUND = "out", "Ativo"
    INBOUND = "in", "Receptivo"


class PromiseStatus(TextChoices):
    OPEN = "open", "Em aberto"
    KEPT = "kept", "Cumprida"
    BROKEN = "broken", "Quebrada"
    CANCELLED = "cancelled", "Cancelada"


class CallbackStatus(TextChoices):
    WAITING = "waiting", "Agendado"
    DONE = "done", "Feito"
    CANCELLED = "cancelled", "Cancelado"


# From → where it may go.
PROMISE_MOVES: dict[str, frozenset[str]] = {
    PromiseStatus.OPEN: frozenset(
        {PromiseStatus.KEPT, PromiseStatus.BROKEN, PromiseStatus.CANCELLED}
    ),
    # Money that came after the date still keeps it.
    PromiseStatus.BROKEN: frozenset({PromiseStatus.KEPT}),
    PromiseStatus.KEPT: frozenset({PromiseStatus.OPEN}),  # its receipt was reversed
    PromiseStatus.CANCELLED: frozenset(),
}
CALLBACK_MOVES: dict[str, frozenset[str]] = {
    CallbackStatus.WAITING: frozenset({CallbackStatus.DONE, CallbackStatus.CANCELLED}),
    CallbackStatus.DONE: frozenset(),
    CallbackStatus.CANCELLED: frozenset(),
}


def check_promise_move(current: str, target: PromiseStatus) -> None:
    """Raise DomainError unless a promise may go from `current` to `target`."""
    if target not in PROMISE_MOVES.get(current, frozenset()):
        was = PromiseStatus(current).label
        raise DomainError(f"A promessa está “{was}” e não pode passar a “{target.label}”.")


def check_callback_move(current: str, target: CallbackStatus) -> None:
    """Raise DomainError unless a callback may go from `current` to `target`."""
    if target not in CALLBACK_MOVES.get(current, frozenset()):
        was = CallbackStatus(current).label
        raise DomainError(f"O retorno está “{was}” e não pode passar a “{target.label}”.")
