"""The endpoints: method, path, what the API user needs for it, and who answers."""

from collections.abc import Callable
from dataclasses import dataclass

from integrations.sandbox.messages import Reply
from integrations.sienge.sandbox.call import Call

View = Callable[[Call], Reply]


@dataclass(frozen=True, slots=True)
class Route:
    """An endpoint; `changes` means that its calls belong in the journal."""

    method: str
    template: str
    resource: str
    view: View
    changes: bool = False

    @property
    def parts(self) -> tuple[str, ...]:
        """The path's segments, the variable ones in braces."""
        return tuple(self.template.strip("/").split("/"))


def match(template: tuple[str, ...], path: tuple[str, ...]) -> dict[str, str] | None:
    """Return the values of the variable segments, or None when the path is another."""
    if len(template) != len(path):
        return None
    found: dict[str, str] = {}
    for expected, given in zip(template, path, strict=True):
        if expected.startswith("{"):
            found[expected[1:-1]] = given
        elif expected != given:
            return None
    return found


class RouteTable:
    """Finds the endpoint of a path; literal segments win over variable ones."""

    def __init__(self, routes: list[Route]) -> None:
        self._routes = sorted(routes, key=lambda route: route.template.count("{"))

    def find(self, method: str, path: tuple[str, ...]) -> tuple[Route, dict[str, str]] | None:
        """Return the endpoint and its path values, or None."""
        for route in self._routes:
            if route.method == method:
                values = match(route.parts, path)
                if values is not None:
                    return route, values
        return None

    def knows(self, path: tuple[str, ...]) -> bool:
        """Whether the path exists for some method."""
        return any(match(route.parts, path) is not None for route in self._routes)

    def resources(self) -> set[tuple[str, str]]:
        """Return every resource and verb that can be granted."""
        return {(route.resource, route.method) for route in self._routes}
