"""How long a person waits for somebody else's write, and what is said when that was too long.

The desk locks agreements, installments, contracts, debtors, in this order; the mirror writes set
by set, debtors and contracts first. So a load and a collector may wait for one another: PostgreSQL
ends that by refusing one of them. And whoever saves while a load is applied waits to its end. Work
in the background can wait; a person in front of a page is told, after a few seconds.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import structlog
from django.db import OperationalError, connection, connections, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from psycopg import errors as postgres

logger = structlog.get_logger(__name__)
Asked = ParamSpec("Asked")
Made = TypeVar("Made")
BUSY = (
    "Estes dados estão sendo gravados agora por outra pessoa ou por uma carga do ERP. O seu pedido "
    "não foi gravado e o que já estava salvo continua como estava. Espere um minuto e tente de "
    "novo."
)
SAFE = ("GET", "HEAD")


def limit_waiting(milliseconds: int) -> None:
    """Let no statement of this process wait longer for a lock; 0 lets them wait for ever.

    For the processes that answer people, before they connect: it travels with the connection and
    costs no statement. Workers do not call it.
    """
    options = connections.settings["default"].setdefault("OPTIONS", {})
    told = options.get("options", "")
    options["options"] = f"{told} -c lock_timeout={milliseconds}".strip()


def is_refusal(error: BaseException) -> bool:
    """Tell whether the database refused to wait any longer."""
    refusals = (postgres.LockNotAvailable, postgres.DeadlockDetected)
    return isinstance(error, OperationalError) and isinstance(error.__cause__, refusals)


def is_deadlock(error: OperationalError) -> bool:
    """Tell whether two waited for one another: the other one goes on, and the way is soon free."""
    return isinstance(error.__cause__, postgres.DeadlockDetected)


def atomic_again(service: Callable[Asked, Made]) -> Callable[Asked, Made]:
    """Run a service in a transaction and, should it be refused in a deadlock, once more.

    The first try left nothing behind. Only for services that are told keys and values and change
    nothing outside of the database: what they hold in memory is not taken back. Inside of another
    transaction it is that one's owner who may try again.
    """

    @wraps(service)
    def tried(*args: Asked.args, **kwargs: Asked.kwargs) -> Made:
        with_transaction = transaction.atomic(service)
        is_outermost = not connection.in_atomic_block
        try:
            return with_transaction(*args, **kwargs)
        except OperationalError as error:
            if not (is_outermost and is_deadlock(error)):
                raise
            logger.warning("database.tried_again", service=service.__qualname__)
        return with_transaction(*args, **kwargs)

    return tried


def answered(request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
    """Return what a view answers; a refusal to wait becomes a sentence, never an error page.

    Asking to see something is asked again by itself after a deadlock. Fragments get the sentence
    alone, which the page shows as a notice, leaving what was typed where it is.
    """
    try:
        return view()
    except OperationalError as error:
        if not is_refusal(error):
            raise
        if not (request.method in SAFE and is_deadlock(error)):
            return _busy(request, error)
    try:
        return view()
    except OperationalError as error:
        if not is_refusal(error):
            raise
        return _busy(request, error)


def _busy(request: HttpRequest, error: OperationalError) -> HttpResponse:
    logger.warning(
        "database.refused_to_wait", path=request.path, cause=type(error.__cause__).__name__
    )
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(BUSY, status=409, content_type="text/plain; charset=utf-8")
    return render(request, "409.html", {"message": BUSY}, status=409)
