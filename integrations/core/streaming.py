"""Rows of an answer, one by one: a gigabyte is read in the memory of a block, exactly.

The boundaries of the rows are found by msgspec in C: asked to read one value where more follow,
it stops right after the value and says where. Each row found so is then decoded on its own, which
proves the boundary; a row that does not fit its type is a bad row, not a bad answer.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

from integrations.core.errors import PermanentError, RetryableError

T = TypeVar("T")

BLOCK = 256 * 1024
# No single row is that long: what goes on without an end is not an answer.
LONGEST_VALUE = 16 * 1024 * 1024
_END_OF_VALUE = re.compile(r"trailing characters \(byte (\d+)\)")
_FIELD = re.compile(r"at `\$\.?(.*)`$")
_BLANKS = frozenset({b"", b" ", b"\t", b"\r", b"\n"})
# Ends every spelling of the key that tells of a failure; rows with it are looked at closely.
_FAILURE = b'rror"'
_CUT = "Input data was truncated"
_lenient = json.JSONDecoder(strict=False)
_skip = msgspec.json.Decoder(msgspec.Raw)
_plain = msgspec.json.Decoder(float_hook=str)  # exact, and JSON can say it again


class Row(NamedTuple, Generic[T]):
    """One row as it came (`raw`) and as it was understood; `problem` names the bad field."""

    raw: bytes
    value: T | None
    problem: str = ""

    def plain(self) -> Any:
        """Return the row for a person to look at, in types that JSON columns can hold."""
        try:
            return _without_nul(_plain.decode(self.raw))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return {"linha": self.raw.decode("utf-8", "replace").replace("\0", "")}


def decode_row(raw: bytes, decoder: "msgspec.json.Decoder[T]") -> Row[T]:
    """Decode one row; what does not fit is told by the name of the field, never by its value."""
    try:
        return Row(raw, decoder.decode(raw))
    except msgspec.ValidationError as error:
        found = _FIELD.search(str(error))
        return Row(raw, None, f"Campo {found[1]} inválido." if found else "Linha não reconhecida.")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Row(raw, None, "Linha ilegível.")


def stream_rows(
    blocks: Iterable[bytes], decoder: "msgspec.json.Decoder[T]", *, key: str = "data"
) -> Iterator[Row[T]]:
    """Yield the rows of `{"data": […]}` as they arrive, whatever surrounds them.

    Raises RetryableError when the answer is cut, is not JSON, or tells of its own failure
    (`api-error`), PermanentError when it is JSON of an unknown shape. Only a normal end means
    that everything was read.
    """
    for raw in _elements(_Source(blocks), key):
        yield decode_row(raw, decoder)


def _elements(source: "_Source", key: str) -> Iterator[bytes]:
    """Walk the envelope: its members in any order, of which one holds the rows."""
    if source.next_byte() != b"{":
        raise _unknown() if source.next_byte() == b"[" else _broken()
    source.take()
    is_found = False
    more = source.next_byte() != b"}"
    while more:
        name = source.name()
        _refuse_failure([name])
        if name == key and not is_found:
            is_found = True
            yield from _array(source)
        elif name == key:
            raise _unknown()
        else:
            source.value()
        more = source.take_one_of(b",", b"}") == b","
    if not is_found:
        raise _unknown()
    source.expect_end()


def _array(source: "_Source") -> Iterator[bytes]:
    if source.next_byte() != b"[":
        raise _unknown() if source.next_byte() else _broken()
    source.take()
    if source.next_byte() == b"]":
        source.take()
        return
    while True:
        raw = source.value()
        if _FAILURE in raw:
            _refuse_failure(_names(Row(raw, None).plain()))
        yield raw
        if source.take_one_of(b",", b"]") == b"]":
            return


class _Source:
    """Bytes that arrive in pieces, read value by value with one block in memory."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks = iter(blocks)
        self._buffer = b""
        self._at = 0

    def next_byte(self) -> bytes:
        """Return the next byte that is not blank, without taking it; b"" at the end."""
        while True:
            found = self._buffer[self._at : self._at + 1]
            if found not in _BLANKS:
                return found
            if found:
                self._at += 1
            elif not self._fill():
                return b""

    def take(self) -> None:
        """Step over the byte that `next_byte` returned."""
        self._at += 1

    def take_one_of(self, *wanted: bytes) -> bytes:
        """Step over one of the bytes that may stand here; anything else breaks the answer."""
        found = self.next_byte()
        if found not in wanted:
            raise _broken()
        self.take()
        return found

    def name(self) -> str:
        """Take the name of a member and its colon."""
        if self.next_byte() != b'"':
            raise _broken()
        name: str = _plain.decode(self.value())
        self.take_one_of(b":")
        return name

    def value(self) -> bytes:
        """Take one whole JSON value; something must follow it, or the answer was cut."""
        self.next_byte()
        is_all = False
        while True:
            view = memoryview(self._buffer)[self._at :]
            length = _length_of_value(view, is_all=is_all)
            if length is not None:
                self._at += length
                return bytes(view[:length]).rstrip()
            if is_all:
                raise _broken()
            is_all = not self._fill()

    def expect_end(self) -> None:
        """Refuse anything but blanks after the envelope."""
        if self.next_byte():
            raise _broken()

    def _fill(self) -> bool:
        """Read on: at least a block, and as much again as is pending, so that no value is
        scanned more often than its length doubles. False at the end.
        """
        pending = self._buffer[self._at :]
        if len(pending) > LONGEST_VALUE:
            raise _broken()
        pieces = [pending]
        wanted = max(BLOCK, len(pending))
        for piece in self._blocks:
            pieces.append(piece)
            wanted -= len(piece)
            if wanted <= 0:
                break
        self._buffer, self._at = b"".join(pieces), 0
        return len(self._buffer) > len(pending)


def _length_of_value(view: memoryview, *, is_all: bool) -> int | None:
    """Return the length of the value that `view` begins with; None when it has no end in sight.

    A value only counts once something follows it: a number may go on in the next block.
    """
    try:
        _skip.decode(view)
        return None
    except msgspec.DecodeError as error:
        told = str(error)
        found = _END_OF_VALUE.search(told)
        if found:
            return int(found[1]) - 1
        if told == _CUT and not is_all:
            return None
    except RecursionError:
        return None
    return _length_by_stdlib(view)


def _length_by_stdlib(view: memoryview) -> int | None:
    """Find the end of a row that msgspec refuses for what is written in it (half an emoji, NaN).

    As Latin-1 every byte is a character, and JSON's own characters are the same.
    """
    text = str(view, "latin-1")
    try:
        length = _lenient.raw_decode(text)[1]
    except (ValueError, RecursionError):
        return None
    return length if length < len(text) else None


def _names(element: Any) -> list[str]:
    """Return the keys of a row: a customer may be called "api-error", a key may not."""
    if isinstance(element, dict):
        return list(element)
    return [element] if isinstance(element, str) else []


def _refuse_failure(names: Iterable[str]) -> None:
    """Raise when a member says that the provider failed while answering."""
    if any(name.replace("-", "").replace("_", "").lower() == "apierror" for name in names):
        raise RetryableError("O ERP interrompeu a resposta no meio.", "api-error element")


def _broken() -> RetryableError:
    return RetryableError(
        "A resposta do ERP chegou incompleta ou não é JSON.", "cut or malformed JSON"
    )


def _unknown() -> PermanentError:
    return PermanentError("Resposta do ERP em formato desconhecido.", "no known envelope")


def _without_nul(value: Any) -> Any:
    # PostgreSQL's JSON cannot hold it.
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [_without_nul(inner) for inner in value]
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(inner) for key, inner in value.items()}
    return value
