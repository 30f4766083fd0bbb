"""What somebody may do, as templates ask: `perms.room.action`."""

from typing import Any


class HeldPermissions:
    """Every permission that a user holds, looked up in one set; Django's asks its backends anew."""

    def __init__(self, user: Any) -> None:
        self._holds_all = user.is_superuser
        self._names = user.get_all_permissions()

    def __getitem__(self, room: str) -> "_Room":
        return _Room(self, room)

    def holds(self, name: str) -> bool:
        """Tell whether a permission is held, by its full name."""
        return self._holds_all or name in self._names


class _Room:
    """The actions of one room."""

    def __init__(self, held: HeldPermissions, room: str) -> None:
        self._held, self._room = held, room

    def __getitem__(self, action: str) -> bool:
        return self._held.holds(f"{self._room}.{action}")
