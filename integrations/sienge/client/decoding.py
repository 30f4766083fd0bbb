"""Answers of Sienge, bare or in their envelope, one row at a time."""

from typing import TypeVar

import msgspec

from integrations.core.streaming import Row, decode_row
from integrations.sienge import rows as r
from integrations.sienge.paging import ListPage

T = TypeVar("T")

_envelope = msgspec.json.Decoder(r.Envelope)
_raw_rows = msgspec.json.Decoder(list[msgspec.Raw])


def anything(body: bytes) -> None:
    """Accept any JSON, and nothing at all: some calls answer 200 with an empty body."""
    if body.strip():
        msgspec.json.decode(body, type=msgspec.Raw)


def page_of(decoder: "msgspec.json.Decoder[T]", body: bytes) -> ListPage[T]:
    """Decode a list in its envelope or bare, row by row: a bad row spoils only itself."""
    if body.lstrip()[:1] == b"[":
        return ListPage(_rows(decoder, body))
    envelope = _envelope.decode(body)
    if isinstance(envelope.results, msgspec.UnsetType):
        raise msgspec.DecodeError("no results in the envelope")
    metadata = envelope.result_set_metadata or r.Metadata()
    return ListPage(
        _rows(decoder, bytes(envelope.results)), _whole(metadata.count), _whole(metadata.limit)
    )


def _rows(decoder: "msgspec.json.Decoder[T]", array: bytes) -> list[Row[T]]:
    if array.strip() == b"null":
        return []
    if array.lstrip()[:1] == b"{":  # a list of one, drawn as an object
        return [decode_row(array, decoder)]
    return [decode_row(bytes(raw), decoder) for raw in _raw_rows.decode(array)]


def several(decoder: "msgspec.json.Decoder[T]", body: bytes) -> list[Row[T]]:
    """Decode objects that come as a list, in its envelope or not, or one of them bare."""
    if body.lstrip()[:1] == b"{":
        envelope = _envelope.decode(body)
        if isinstance(envelope.results, msgspec.UnsetType):
            return [decode_row(body, decoder)]
    return page_of(decoder, body).rows


def single(decoder: "msgspec.json.Decoder[T]", body: bytes) -> Row[T] | None:
    """Decode one object that may come bare or as the only row of a list."""
    found = several(decoder, body)
    return found[0] if found else None


def _whole(told: int | str | None) -> int | None:
    """Return a number of the metadata, which may come as text or not at all."""
    if isinstance(told, str):
        return int(told) if told.strip().isdigit() else None
    return told
