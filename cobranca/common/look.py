"""The look as data: colours of the tokens in both themes, and how well one is read on another."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

THEMES = ("light", "dark")
# WCAG 2.2, level AA: text; large text and what a control is recognised by.
TEXT, EDGE = 4.5, 3.0
STATES = ("danger", "warn", "ok")
# What is read on what, and the least contrast it needs.
PAIRS: tuple[tuple[str, str, float], ...] = (
    *((text, ground, TEXT) for text in ("text", "text-2", "text-3", "accent", *STATES)
      for ground in ("bg", "surface", "raised", "hover")),
    *((name, f"{name}-soft", TEXT) for name in ("accent", *STATES)),
    *((text, "accent-soft", TEXT) for text in ("text", "text-2", "text-3", "danger")),
    *(("on-accent", fill, TEXT) for fill in ("accent-fill", "accent-fill-hover", "danger-fill",
                                             "danger-fill-hover")),
    *(("control", ground, EDGE) for ground in ("bg", "surface", "raised")),
    *(("accent-fill", ground, EDGE) for ground in ("bg", "surface")),
    *((f"{name}-dot", "surface", EDGE) for name in ("warn", "ok")),
)  # fmt: skip


@dataclass(frozen=True)
class Pair:
    """One colour on another in both themes."""

    front: str
    back: str
    least: float
    light: float
    dark: float

    @property
    def is_enough(self) -> bool:
        return min(self.light, self.dark) >= self.least


@lru_cache(maxsize=2)
def tokens(theme: str) -> dict[str, str]:
    """Return the colours of a theme by the names of their custom properties."""
    text = (Path(settings.BASE_DIR) / "static" / "css" / "tokens.css").read_text()
    block = re.search(rf'\[data-bs-theme="{theme}"\] {{\n  color-scheme.*?\n}}', text, re.DOTALL)
    if block is None:
        raise ValueError(f"tokens.css has no theme {theme}")
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block.group()))


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (#rrggbb), from 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def pairs() -> list[Pair]:
    """Return what is read on what, with the contrast it has."""
    light, dark = tokens("light"), tokens("dark")
    return [
        Pair(front, back, least, *(contrast(each[front], each[back]) for each in (light, dark)))
        for front, back, least in PAIRS
    ]


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
