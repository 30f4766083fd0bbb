"""Driving a write to its end, or back to where nothing was written."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from cobranca.contracts.erp import (
    ErpRefusalError,
    ErpUnconfirmedError,
    ErpUnreachableError,
    Renegotiation,
    RenegotiationParcel,
    RenegotiationReceipt,
)
from cobranca.creditors.models import Creditor
from integrations.core.errors import (
    BudgetError,
    ConfigError,
    IntegrationError,
    PermanentError,
    RefusedError,
    UnreachableError,
)
from integrations.core.models import ErpOperation
from integrations.core.operations import pace, steps
from integrations.core.operations.writer import Made, Standing, WritesRenegotiations
from integrations.core.states import OperationStep as Step

# Nothing left this house, or the ERP's door did not open.
_NOT_SENT = (BudgetError, UnreachableError, ConfigError)

TAKEN = "As mesmas parcelas já foram reparceladas no ERP: sincronize o devedor e calcule de novo."
ANOTHER = "Só um reparcelamento por contrato (título): o ERP já tem um deste título."
ANOTHER_UNDER_WAY = "Outro acordo deste contrato ainda está sendo desfeito no ERP."
LAGGING = "O ERP aceitou o reparcelamento e ainda não o mostra: será conferido de novo."
IN_FLIGHT = "O ERP não confirmou o reparcelamento: será conferido antes de qualquer novo envio."
UNDOING = "O reparcelamento deste acordo está sendo desfeito no ERP."
NOT_ALONE = (
    "Há outro reparcelamento deste título na mesma data: exclua no ERP o que é deste acordo."
)
STILL_THERE = "O ERP ainda mostra o reparcelamento que se desfez: será conferido de novo."


# --- forth ----------------------------------------------------------------------------------------


def integrate(
    writer: WritesRenegotiations, creditor: Creditor, order: Renegotiation
) -> RenegotiationReceipt:
    """Write an agreement into the ERP once, however often it is asked; return what became of it.

    ErpRefusalError: the ERP has nothing of it. ErpUnreachableError: it may have; ask again.
    """
    operation = steps.operation_of(creditor, order.key)
    if operation is None:
        operation = steps.prepare(creditor, order, writer.system, _prepared(writer, order))
    with steps.only_one(operation):
        if operation.step in (Step.REFUSED, Step.UNDONE):
            body = dict(_prepared(writer, order))
            steps.move(operation, Step.PREPARED, "Pedida de novo", order=body, answer={})
        return _go_on(writer, operation)


def _prepared(writer: WritesRenegotiations, order: Renegotiation) -> Any:
    with _nothing_sent():
        return writer.prepare(order)


def _go_on(writer: WritesRenegotiations, operation: ErpOperation) -> RenegotiationReceipt:
    if operation.step == Step.UNDOING:
        raise ErpUnreachableError(UNDOING)
    if operation.step == Step.PREPARED:
        _start(writer, operation)
    elif operation.step == Step.SENDING:
        _resume(writer, operation)
    if operation.step == Step.ACCEPTED:
        _confirm(writer, operation)
    return _receipt(operation)


def _start(writer: WritesRenegotiations, operation: ErpOperation) -> None:
    """Send for the first time: what the ERP has of the title now is somebody else's."""
    try:
        with _nothing_sent():
            standing = writer.look(operation.order)
    except ErpUnreachableError as error:
        steps.note(operation, error.message)
        raise
    if standing.made is not None or standing.others:
        why = ANOTHER if standing.made is None else TAKEN
        steps.move(operation, Step.REFUSED, why)
        raise ErpRefusalError(why, "mode")
    if steps.is_another_under_way(operation):
        # Should it arrive yet, it could look like ours: its undoing would take ours out.
        steps.note(operation, ANOTHER_UNDER_WAY)
        raise ErpUnreachableError(ANOTHER_UNDER_WAY)
    _send(writer, operation, is_first=True)


def _resume(writer: WritesRenegotiations, operation: ErpOperation) -> None:
    """Go on with what may have been sent: accepted if the ERP has it, else sent again."""
    made = _looked(writer, operation).made
    if made is not None:
        _accept(operation, made, "Encontrada no ERP, depois de uma resposta que se perdeu")
        return
    if _is_in_flight(operation):
        raise ErpUnconfirmedError(IN_FLIGHT)
    _send(writer, operation, is_first=False)


def _is_in_flight(operation: ErpOperation) -> bool:
    sent_at = operation.answer.get("sent_at")
    return bool(sent_at) and pace.PACE.now() - datetime.fromisoformat(sent_at) < pace.PACE.settled


def _send(writer: WritesRenegotiations, operation: ErpOperation, *, is_first: bool) -> None:
    sent_at = {"sent_at": pace.PACE.now().isoformat()}
    steps.move(operation, Step.SENDING, "" if is_first else "Enviada de novo", answer=sent_at)
    try:
        writer.send(operation.order)
    except _NOT_SENT as error:
        _not_sent(operation, error, is_first=is_first)
    except PermanentError as error:
        _refused(writer, operation, error, is_first=is_first)
    except IntegrationError as error:
        _lost(writer, operation, error)
    else:
        # When it was sent is kept: unseen right after, it is not believed undone either.
        steps.move(operation, Step.ACCEPTED)


def _not_sent(operation: ErpOperation, error: IntegrationError, *, is_first: bool) -> None:
    if is_first and isinstance(error, ConfigError):
        steps.move(operation, Step.REFUSED, error.message, answer={})
        raise ErpRefusalError(error.message) from error
    steps.note(operation, error.message, answer={})
    raise ErpUnreachableError(error.message) from error


def _refused(
    writer: WritesRenegotiations, operation: ErpOperation, error: PermanentError, *, is_first: bool
) -> None:
    """Believe a refusal, unless it is of what an earlier request already did."""
    made = None if is_first else _looked(writer, operation).made
    if made is not None:
        _accept(operation, made, f"Já estava no ERP, que recusou gravar de novo: {error.message}")
        return
    steps.move(operation, Step.REFUSED, error.message, answer={})
    raise ErpRefusalError(error.message) from error


def _lost(writer: WritesRenegotiations, operation: ErpOperation, error: IntegrationError) -> None:
    """Look for what may have been done; unseen, it is looked for again before it is resent."""
    steps.note(operation, error.message)
    for standing in _looks(writer, operation):
        if standing.made is not None:
            _accept(operation, standing.made, "Encontrada no ERP, depois de uma resposta perdida")
            return
    raise ErpUnconfirmedError(IN_FLIGHT) from error


def _accept(operation: ErpOperation, made: Made, message: str) -> None:
    steps.move(operation, Step.ACCEPTED, message, external_id=made.external_id, answer={})


def _confirm(writer: WritesRenegotiations, operation: ErpOperation) -> None:
    """Read what the ERP generated; the agreement will be exactly that."""
    read_at = pace.PACE.now()
    for standing in _looks(writer, operation):
        parcels = _parcels(writer, operation, standing.made)
        if standing.made is not None and parcels:
            answer = {"read_at": read_at.isoformat(), "parcels": [_written(one) for one in parcels]}
            numbers = ", ".join(str(parcel.number) for parcel in parcels)
            steps.move(
                operation,
                Step.CONFIRMED,
                f"Parcela(s) gerada(s): {numbers}",
                external_id=standing.made.external_id,
                answer=answer,
            )
            return
        read_at = pace.PACE.now()
    steps.note(operation, LAGGING)
    raise ErpUnconfirmedError(LAGGING)


def _parcels(
    writer: WritesRenegotiations, operation: ErpOperation, made: Made | None
) -> list[RenegotiationParcel]:
    if made is None:
        return []
    with _maybe_sent(operation):
        return writer.parcels(operation.order, made)


def _written(parcel: RenegotiationParcel) -> dict[str, Any]:
    due, amount = parcel.due_date.isoformat(), str(parcel.amount)
    return {"number": parcel.number, "due_date": due, "amount": amount}


def _receipt(operation: ErpOperation) -> RenegotiationReceipt:
    told = operation.answer
    return RenegotiationReceipt(
        operation.external_id,
        [
            RenegotiationParcel(
                one["number"], date.fromisoformat(one["due_date"]), Decimal(one["amount"])
            )
            for one in told["parcels"]
        ],
        read_at=datetime.fromisoformat(told["read_at"]),
    )


# --- asking ---------------------------------------------------------------------------------------


def _looks(writer: WritesRenegotiations, operation: ErpOperation) -> Iterator[Standing]:
    """Ask at once, and a few times more: what was just written may not be shown yet."""
    yield _looked(writer, operation)
    for pause in pace.PACE.pauses:
        pace.PACE.sleep(pause)
        yield _looked(writer, operation)


def _looked(writer: WritesRenegotiations, operation: ErpOperation) -> Standing:
    with _maybe_sent(operation):
        return writer.look(operation.order)


@contextmanager
def _nothing_sent() -> Iterator[None]:
    """Before anything was sent, what cannot be asked because of the settings is a refusal."""
    try:
        yield
    except (ConfigError, PermanentError) as error:
        raise ErpRefusalError(error.message) from error
    except IntegrationError as error:
        raise ErpUnreachableError(error.message) from error


@contextmanager
def _maybe_sent(operation: ErpOperation) -> Iterator[None]:
    """After it, nothing that cannot be asked says that the ERP has nothing."""
    try:
        yield
    except IntegrationError as error:
        steps.note(operation, error.message)
        raise ErpUnreachableError(error.message) from error


def is_resting(creditor: Creditor, key: str) -> bool:
    """Tell whether a write that got nowhere is left alone for a while, by who asks by itself."""
    operation = steps.operation_of(creditor, key)
    return operation is not None and steps.is_resting(operation)


# --- back -----------------------------------------------------------------------------------------


def finish(creditor: Creditor, key: str) -> None:
    """Close a write whose result is in our books, in the transaction that writes them.

    ErpUnreachableError, so that nothing is written, when somebody is taking it out of the ERP.
    """
    operation = steps.operation_of(creditor, key)
    if operation is None or operation.step == Step.DONE:
        return
    if operation.step != Step.CONFIRMED:
        raise ErpUnreachableError(UNDOING)
    steps.move_within(operation, Step.DONE, "Acordo em vigor")


def undo(writer: WritesRenegotiations, creditor: Creditor, key: str) -> None:
    """Take what was written under `key` out of the ERP; nothing when nothing was.

    Nor when our books have it: an agreement in force is undone over there alone (SIE-22).
    ErpRefusalError: the ERP keeps it, and a person has to decide. ErpUnreachableError: ask again.
    """
    operation = steps.operation_of(creditor, key)
    if operation is None:
        return
    with steps.only_one(operation):
        if operation.step in (Step.UNDONE, Step.DONE):
            return
        if operation.step in (Step.PREPARED, Step.REFUSED):
            steps.move(operation, Step.UNDONE, "Nada foi gravado no ERP")
            return
        if operation.step != Step.UNDOING:
            steps.move(operation, Step.UNDOING)
        _undo(writer, operation)


def _undo(writer: WritesRenegotiations, operation: ErpOperation) -> None:
    standing = _looked(writer, operation)
    if standing.made is None:
        if _is_in_flight(operation):
            raise ErpUnconfirmedError(IN_FLIGHT)
        steps.move(operation, Step.UNDONE, "Não consta no ERP")
        return
    if standing.same_day:
        steps.note(operation, NOT_ALONE)
        raise ErpRefusalError(NOT_ALONE)
    _remove(writer, operation)
    for standing in _looks(writer, operation):
        if standing.made is None:
            steps.move(operation, Step.UNDONE, "Excluída do ERP", answer={})
            return
    steps.note(operation, STILL_THERE)
    raise ErpUnconfirmedError(STILL_THERE)


def _remove(writer: WritesRenegotiations, operation: ErpOperation) -> None:
    try:
        writer.remove(operation.order)
    except RefusedError as error:
        steps.note(operation, error.message)
        raise ErpRefusalError(error.message) from error
    except IntegrationError as error:
        # It may have been done: what the ERP shows from now on says.
        steps.note(operation, error.message)
        raise ErpUnreachableError(error.message) from error
