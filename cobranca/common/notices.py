"""What people should know before they start: said on the first pages of the product.

Rooms above say it; the pages only ask (`{% notices %}` of the templates).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True)
class Notice:
    """A sentence, how bad it is (warn, danger), and where it leads."""

    kind: str
    text: str
    url: str
    link: str


Source = Callable[[HttpRequest], Iterable[Notice]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """Make a source of notices known; it looks at permissions before it looks anything up."""
    if source not in _sources:
        _sources.append(source)


def notices_for(request: HttpRequest) -> list[Notice]:
    """Return what whoever asks should know now."""
    return [notice for source in _sources for notice in source(request)]
