"""What was done to a simulator since it was generated, in a file it can start again from."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from integrations.sandbox import jsonio

FILE_NAME = "journal.jsonl"


class StateMismatch(Exception):
    """The directory holds the journal of another world (other seed, sizes or date)."""


class Journal:
    """An append-only file of entries under a header that names the world they belong to."""

    def __init__(self, directory: Path | None) -> None:
        self._path = directory / FILE_NAME if directory else None
        self._replaying = False

    def born_on(self) -> date | None:
        """Return the date the journalled world was generated for, None when there is none."""
        header = self._header()
        return date.fromisoformat(header["on"]) if header else None

    def open(self, header: Mapping[str, Any]) -> None:
        """Start the file, or check that the existing one belongs to the same world."""
        if self._path is None:
            return
        found = self._header()
        if found is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._write(header)
        elif found != json.loads(jsonio.dump(header)):
            raise StateMismatch(
                f"{self._path} belongs to another world: {found}, not {dict(header)}. "
                "Start with the same options, or remove the file to start over."
            )
        else:
            self._drop_torn_end()

    def append(self, entry: Mapping[str, Any]) -> None:
        """Write what was done; nothing while replaying or without a directory."""
        if self._path is not None and not self._replaying:
            self._write(entry)

    def replay(self) -> Iterator[dict[str, Any]]:
        """Yield what was done before, in order; appends during it are ignored."""
        if self._path is None:
            return
        self._replaying = True
        try:
            yield from self._entries()
        finally:
            self._replaying = False

    def _header(self) -> dict[str, Any] | None:
        if self._path is None or not self._path.exists():
            return None
        with self._path.open(encoding="utf-8") as lines:
            first = lines.readline()
        return json.loads(first) if first.strip() else None

    @property
    def _file(self) -> Path:
        if self._path is None:
            raise StateMismatch("there is no state directory")
        return self._path

    def _entries(self) -> Iterator[dict[str, Any]]:
        with self._file.open(encoding="utf-8") as lines:
            next(lines)
            for line in lines:
                yield jsonio.load(line)

    def _drop_torn_end(self) -> None:
        """Cut a last line without its end, which a process killed while writing leaves."""
        data = self._file.read_bytes()
        if not data.endswith(b"\n"):
            self._file.write_bytes(data[: data.rfind(b"\n") + 1])

    def _write(self, entry: Mapping[str, Any]) -> None:
        with self._file.open("ab") as file:
            file.write(jsonio.dump(entry) + b"\n")
