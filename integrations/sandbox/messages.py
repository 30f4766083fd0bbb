"""What a simulator is asked and what it answers, before and after faults bend it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from integrations.sandbox import jsonio

JSON = "application/json;charset=UTF-8"
HTML = "text/html;charset=UTF-8"


class ConnectionCut(Exception):
    """Raised inside a stream: what was produced goes out, then the socket is reset."""


class StreamEnded(Exception):
    """Raised inside a stream: it ends here, well formed for HTTP and unfinished as JSON."""


@dataclass(slots=True)
class Request:
    """One HTTP request, with its path already without the query and the trailing slash."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: Mapping[str, str]
    body: bytes = b""
    root: str = ""

    def json(self) -> Any:
        """Return the parsed body, {} when there is none; ValueError when it is not JSON."""
        return jsonio.load(self.body) if self.body.strip() else {}

    def argument(self, name: str) -> str | None:
        """Return a query argument; repeated ones are joined by commas, empty ones are None."""
        joined = ",".join(value for value in self.query.get(name, ()) if value != "")
        return joined or None


@dataclass(slots=True)
class Mishap:
    """What goes wrong on the wire while a reply is written."""

    delay_seconds: float = 0
    hang_seconds: float = 0
    cut_before_headers: bool = False
    cut_body_after: int | None = None
    truncate_body: bool = False


@dataclass(slots=True)
class Reply:
    """An answer: a JSON payload, raw bytes, or items streamed inside opening and closing."""

    status: int = 200
    payload: Any = None
    raw: bytes | None = None
    items: Iterator[bytes] | None = None
    opening: bytes = b'{"data":['
    closing: bytes = b"]}"
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    mishap: Mishap = field(default_factory=Mishap)

    def body(self) -> bytes:
        """Return the bytes of a reply that is not streamed."""
        if self.raw is not None:
            return self.raw
        return b"" if self.status == 204 else jsonio.dump(self.payload)


def html_page(status: int, title: str) -> Reply:
    """Return the kind of page a web server gives when no application took the request."""
    page = f"<!DOCTYPE html><html><head><title>{status}</title></head><body><h1>{title}</h1></body>"
    return Reply(status=status, raw=f"{page}</html>".encode(), content_type=HTML)
