"""Which resource and verb the API user may call."""

from collections.abc import Mapping
from typing import Any

from integrations.sandbox.simulator import Refused
from integrations.sienge.sandbox.settings import PLAYBOOK_DENIED

PROFILES: dict[str, tuple[tuple[str, str], ...]] = {"all": (), "playbook": PLAYBOOK_DENIED}


class Grants:
    """Everything is granted except what was taken away."""

    def __init__(self, resources: set[tuple[str, str]]) -> None:
        self._resources = resources
        self._denied: set[tuple[str, str]] = set()

    def allows(self, resource: str, verb: str) -> bool:
        """Whether the box for the resource and verb is ticked."""
        return (resource, verb) not in self._denied

    def configure(self, wanted: Mapping[str, Any]) -> None:
        """Apply {"profile"}, {"deny": [[resource, verb], ...]} or {"allow": [...]}."""
        if "profile" in wanted:
            if wanted["profile"] not in PROFILES:
                raise Refused(f"unknown profile; one of {', '.join(PROFILES)}")
            self._denied = set(PROFILES[wanted["profile"]])
        self._denied |= self._boxes(wanted.get("deny", []))
        self._denied -= self._boxes(wanted.get("allow", []))

    def _boxes(self, pairs: Any) -> set[tuple[str, str]]:
        boxes = {(str(resource), str(verb).upper()) for resource, verb in pairs}
        unknown = boxes - self._resources
        if unknown:
            raise Refused(f"unknown resource and verb: {sorted(unknown)}")
        return boxes

    def describe(self) -> dict[str, Any]:
        """Return what is denied and every box there is."""
        return {
            "denied": sorted(self._denied),
            "resources": sorted(self._resources),
        }
