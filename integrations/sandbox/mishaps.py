"""What each kind of fault does to a request or to its reply."""

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from integrations.sandbox import jsonio
from integrations.sandbox.faults import STATUS_KINDS, Fault
from integrations.sandbox.messages import (
    ConnectionCut,
    Reply,
    Request,
    StreamEnded,
    html_page,
)


class ErrorMaker(Protocol):
    """How one system words its errors."""

    def __call__(self, status: int, fault: Fault) -> Reply:
        """Return the system's own error body and headers for the status."""


def answer_with_faults(
    request: Request,
    faults: list[Fault],
    answer: Callable[[Request], Reply],
    error: ErrorMaker,
) -> Reply:
    """Answer the request while the given faults happen to it."""
    for fault in faults:
        instead = _instead(fault, error)
        if instead is not None:
            return instead
    repeated = sum(_prepare(fault, request) for fault in faults)
    reply = answer(request)
    if repeated:
        _hide_repetition(reply, repeated)
    for fault in faults:
        bend = _BENDS.get(fault.kind)
        if bend is not None:
            bend(reply, fault)
    return reply


def _instead(fault: Fault, error: ErrorMaker) -> Reply | None:
    if fault.kind in STATUS_KINDS:
        if fault.kind == "404-html":
            return html_page(404, "Not Found")
        return error(int(fault.kind), fault)
    if fault.kind == "empty":
        return Reply(raw=b"")
    if fault.kind == "html":
        return html_page(200, "Sienge Plataforma")
    if fault.kind == "cut-before-headers":
        reply = Reply(raw=b"")
        reply.mishap.cut_before_headers = True
        return reply
    return None


def _prepare(fault: Fault, request: Request) -> int:
    """Move the page back so that it repeats rows of the one before; return how many."""
    offset = int(request.argument("offset") or 0)
    if fault.kind != "duplicate-rows" or not offset:
        return 0
    rows = min(int(fault.options.get("rows", 1)), offset)
    request.query["offset"] = [str(offset - rows)]
    return rows


def _hide_repetition(reply: Reply, rows: int) -> None:
    if isinstance(reply.payload, dict) and "resultSetMetadata" in reply.payload:
        reply.payload["resultSetMetadata"]["offset"] += rows


def _slow(reply: Reply, fault: Fault) -> None:
    reply.mishap.delay_seconds = float(fault.options.get("seconds", 1))


def _hang(reply: Reply, fault: Fault) -> None:
    reply.mishap.hang_seconds = float(fault.options.get("seconds", 30))


def _cut_body(reply: Reply, fault: Fault) -> None:
    item = int(fault.options.get("item", 1))
    if reply.items is None:
        reply.mishap.cut_body_after = 200
    else:
        reply.items = _stop_at(reply.items, item, ConnectionCut())


def _truncated(reply: Reply, fault: Fault) -> None:
    if reply.items is None:
        reply.mishap.truncate_body = True
    else:
        reply.items = _stop_at(reply.items, int(fault.options.get("item", 1)), StreamEnded())


def _api_error(reply: Reply, fault: Fault) -> None:
    if reply.items is not None:
        reply.items = _end_with_error(reply.items, int(fault.options.get("item", 1)))


def _reset_after_apply(reply: Reply, fault: Fault) -> None:
    reply.mishap.cut_before_headers = True


def _wrong_type(reply: Reply, fault: Fault) -> None:
    if reply.items is not None:
        reply.items = _bend_item(reply.items, fault)
        return
    rows = _rows(reply)
    item = fault.options.get("item")
    for index, row in enumerate(rows):
        if item is None or index == int(item):
            _bend_field(row, fault)


def _missing_row(reply: Reply, fault: Fault) -> None:
    start, rows = int(fault.options.get("item", 0)), int(fault.options.get("rows", 1))
    if reply.items is not None:
        reply.items = _skip(reply.items, start, rows)
    elif isinstance(reply.payload, dict) and "results" in reply.payload:
        del reply.payload["results"][start : start + rows]


def _count_drift(reply: Reply, fault: Fault) -> None:
    if isinstance(reply.payload, dict) and "resultSetMetadata" in reply.payload:
        drift = int(fault.options.get("delta", 1)) * fault.fired
        reply.payload["resultSetMetadata"]["count"] += drift


_BENDS: dict[str, Callable[[Reply, Fault], None]] = {
    "slow": _slow,
    "hang": _hang,
    "cut-body": _cut_body,
    "truncated": _truncated,
    "api-error": _api_error,
    "wrong-type": _wrong_type,
    "missing-row": _missing_row,
    "count-drift": _count_drift,
    "reset-after-apply": _reset_after_apply,
}


def _stop_at(items: Iterator[bytes], index: int, how: Exception) -> Iterator[bytes]:
    for position, item in enumerate(items):
        if position >= index:
            raise how
        yield item
    raise how


def _end_with_error(items: Iterator[bytes], index: int) -> Iterator[bytes]:
    for position, item in enumerate(items):
        if position >= index:
            break
        yield item
    yield jsonio.dump({"api-error": "Erro interno ao processar a consulta"})


def _skip(items: Iterator[bytes], start: int, rows: int) -> Iterator[bytes]:
    return (item for index, item in enumerate(items) if not start <= index < start + rows)


def _bend_item(items: Iterator[bytes], fault: Fault) -> Iterator[bytes]:
    wanted = int(fault.options.get("item", 0))
    for index, item in enumerate(items):
        if index != wanted:
            yield item
            continue
        row = jsonio.load(item)
        _bend_field(row, fault)
        yield jsonio.dump(row)


def _rows(reply: Reply) -> list[Any]:
    payload = reply.payload
    if isinstance(payload, dict):
        return list(payload.get("results", [payload]))
    return payload if isinstance(payload, list) else []


def _bend_field(row: Any, fault: Fault) -> None:
    """Replace or remove a field given by a dotted path; numbers in it are list positions."""
    *parents, last = str(fault.options.get("field", "id")).split(".")
    try:
        for name in parents:
            row = row[int(name)] if isinstance(row, list) else row[name]
        key = int(last) if isinstance(row, list) else last
        if fault.options.get("missing"):
            del row[key]
        else:
            row[key] = fault.options.get("value")
    except (KeyError, IndexError, TypeError, ValueError):
        return
