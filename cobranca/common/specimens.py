"""Parts of the look that rooms above add to the style guide, drawn with their own templates."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Specimen:
    """A part, the words for its use, and how to draw one with made-up content.

    `context` takes what must be added to ids: the guide may draw a part twice on one page.
    """

    name: str
    words: str
    template: str
    context: Callable[[str], dict[str, Any]]
    styles: str = ""


_specimens: dict[str, Specimen] = {}


def register(specimen: Specimen) -> None:
    """Make a part known to the guide; done once by its room when the product starts."""
    _specimens[specimen.name] = specimen


def specimens() -> list[Specimen]:
    """Return what rooms above added, by name."""
    return sorted(_specimens.values(), key=lambda each: each.name)
