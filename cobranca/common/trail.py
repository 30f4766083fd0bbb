"""The trail of changes, for rooms that stand below or beside the audit room.

Accounts, scheduling and outbox must leave a trail too but may not import audit, which stands
above or beside them: they record here, and audit installs the one recorder at start-up.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from django.db.models import Model

Changes = Mapping[str, Any]
EMPTY = "Vazio"
SECRET_CHANGED = "alterado"  # noqa: S105  (what the trail says instead of a secret)


class Recorder(Protocol):
    """Writes one change durably, in the transaction of the change."""

    def __call__(
        self, action: str, obj: Model, actor: Any, *, agency: Any, changes: Changes
    ) -> None:
        """Record that `actor` did `action` to `obj`."""


_recorders: list[Recorder] = []


def install(recorder: Recorder) -> None:
    """Make `recorder` the one that writes the trail."""
    _recorders[:] = [recorder]


def record(
    action: str, obj: Model, actor: Any, *, agency: Any, changes: Changes | None = None
) -> None:
    """Record a change; without a recorder nothing may be changed at all."""
    _recorders[0](action, obj, actor, agency=agency, changes=changes or {})


def snapshot(obj: Model, fields: Iterable[str]) -> dict[str, str]:
    """Return the named fields of `obj` as people read them, by their labels."""
    return {_label(obj, name): _shown(obj, name) for name in fields}


def _label(obj: Model, name: str) -> str:
    return str(getattr(obj._meta.get_field(name), "verbose_name", name))


def stored_snapshot(obj: Model, fields: Iterable[str]) -> dict[str, str]:
    """Return the same of the row in the database; nothing for a row not saved yet."""
    if obj.pk is None:
        return {}
    stored = type(obj)._base_manager.filter(pk=obj.pk).first()
    return snapshot(stored, fields) if stored else {}


def _shown(obj: Model, name: str) -> str:
    display = getattr(obj, f"get_{name}_display", None)
    value = display() if display else getattr(obj, name)
    if isinstance(value, bool):
        return "Sim" if value else "Não"
    return str(value) if value not in (None, "", {}, []) else EMPTY


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, list[str]]:
    """Return label → [from, to] of what differs; a new object differs from nothing."""
    return {
        label: [before.get(label, EMPTY), shown]
        for label, shown in after.items()
        if before.get(label, EMPTY) != shown
    }
