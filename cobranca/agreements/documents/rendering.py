"""From HTML to PDF, with nothing but what is handed over and our own static files."""

import mimetypes
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import structlog
from django.contrib.staticfiles import finders

from cobranca.agreements.documents.libraries import SENTENCE, missing_libraries
from cobranca.common.errors import DomainError

logger = structlog.get_logger(__name__)

# Addresses inside documents: `ours:css/document.css` (static), `given:logo.png` (of `files`).
STATIC, GIVEN = "ours:", "given:"
# Tagged for screen readers.
VARIANT = "pdf/ua-1"
# Control characters, and those that turn the direction of writing: a name with one of them could
# show the figures after it the wrong way round.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)


def render_pdf(html: str, files: Mapping[str, bytes] | None = None) -> bytes:
    """Return a document as PDF. Pictures may be `given:NAME` of `files`, style is `ours:PATH`;
    any other address is not fetched, whatever it is.

    Raises DomainError when the system's libraries are missing.
    """
    weasyprint = _weasyprint()
    made = weasyprint.HTML(string=visible(html), url_fetcher=_fetcher(files or {}))
    return bytes(made.write_pdf(pdf_variant=VARIANT))


def visible(html: str) -> str:
    """Take out the characters that nobody sees and that may deceive; keep R$ with its amount."""
    return _UNSEEN.sub("", html).replace("R$ ", "R$\u00a0")


def _weasyprint() -> Any:
    """Import it now: it takes a second, which processes that draw nothing are spared."""
    if missing := missing_libraries():
        logger.error("documents.no_libraries", missing=missing)
        raise DomainError(SENTENCE)
    try:
        import weasyprint
    except OSError as error:
        logger.error("documents.no_libraries", error=str(error))
        raise DomainError(SENTENCE) from error
    return weasyprint


def _fetcher(files: Mapping[str, bytes]) -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OurFilesOnly(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            body = body_of(url, files)
            kind = mimetypes.guess_type(url)[0] or "application/octet-stream"
            return URLFetcherResponse(url, body, {"Content-Type": kind})

    return OurFilesOnly()


def body_of(url: str, files: Mapping[str, bytes]) -> bytes:
    """Return what an address inside a document stands for; ValueError for any that is not ours."""
    if url.startswith(GIVEN) and (name := url.removeprefix(GIVEN)) in files:
        return files[name]
    if url.startswith(STATIC):
        # Finders refuse to leave the folders of static files.
        found = finders.find(url.removeprefix(STATIC))
        if isinstance(found, str):
            return Path(found).read_bytes()
    raise ValueError("Endereço de fora do documento.")
