"""Django's own `url` and `static`, for pages with forty addresses: what does not change is kept.

An address is found once for each name and shape; afterwards the keys are put where keys go. (A
process has one URL conf and one prefix all its life.)
"""

from functools import lru_cache
from typing import Any

from django import template
from django.template import Context, Node, engines
from django.template.base import FilterExpression, Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as parse_url
from django.templatetags.static import StaticNode
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# A key that no address has by itself.
_KEY = 7_340_000_000_000_000_000


class Once(Node):
    """A tag that says the same whoever asks: rendered the first time only."""

    def __init__(self, inner: Node) -> None:
        self.inner = inner
        self.text: str | None = None

    def render(self, context: Context) -> str:
        """Return what it said the first time."""
        if self.text is None:
            self.text = str(self.inner.render_annotated(context))
        return self.text


def is_steady(found: FilterExpression) -> bool:
    """Tell whether an argument of a tag is written out in the template."""
    return not found.is_var and not found.filters


class PathNode(URLNode):
    """`url` with the address's shape kept."""

    def render(self, context: Context) -> str:
        """Return the address, or put it under a name; unusual ones are Django's."""
        name = self.view_name.resolve(context)
        # The admin may be there more than once; Django knows which one is meant.
        if self.kwargs or self.asvar or not isinstance(name, str) or name.startswith("admin:"):
            return super().render(context)
        path = path_to(name, *[arg.resolve(context) for arg in self.args])
        return conditional_escape(path) if context.autoescape else path


def path_to(name: str, *keys: Any) -> str:
    """Return the address of a page; NoReverseMatch as `reverse` raises it."""
    if not all(type(key) is str or (type(key) is int and key >= 0) for key in keys):
        return reverse(name, args=keys)
    shape = tuple(None if type(key) is int else key for key in keys)
    parts = _parts(name, shape)
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return reverse(name, args=keys)
    numbers = [str(key) for key in keys if type(key) is int]
    return "".join(part + number for part, number in zip(parts, [*numbers, ""], strict=True))


@lru_cache(maxsize=2048)
def _parts(name: str, shape: tuple[str | None, ...]) -> list[str]:
    """Return the pieces of an address between its numbers; none when they are not simply there."""
    marks = [_KEY + place if part is None else part for place, part in enumerate(shape)]
    rest, pieces = reverse(name, args=marks), []
    for mark in marks:
        if not isinstance(mark, int):
            continue
        before, found, rest = rest.partition(str(mark))
        if not found:
            return []
        pieces.append(before)
    return [*pieces, rest]


@register.tag("url")
def path_tag(parser: Parser, token: Token) -> Node:
    """Django's `url`."""
    found = parse_url(parser, token)
    return PathNode(found.view_name, found.args, found.kwargs, found.asvar)


@register.tag("static")
def static_tag(parser: Parser, token: Token) -> Node:
    """Django's `static`; a file that is written out has one address while a process lives."""
    node = StaticNode.handle_token(parser, token)
    return Once(node) if node.varname is None and is_steady(node.path) else node


def _jinja() -> Any:
    engine: Any = engines["jinja2"]
    return engine.env


@register.simple_tag(takes_context=True)
def compiled(context: Context, name: str) -> SafeString:
    """Put in a template of templates/compiled/, which sees all that this one sees."""
    return mark_safe(_jinja().get_template(name).render(context.flatten()))  # noqa: S308
