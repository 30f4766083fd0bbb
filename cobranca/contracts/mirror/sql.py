"""One way to run a statement of the mirror."""

from typing import Any

from django.db import connection

from cobranca.contracts.mirror.job import MirrorJob
from cobranca.contracts.mirror.staging import made, sources_of
from cobranca.creditors.types import label_of


class Statements:
    """Runs SQL for one job: `{debtor}`… name what it staged, `%(agency)s`… its orders."""

    def __init__(self, job: MirrorJob) -> None:
        self.job = job
        self._staged = made(job.run)
        self._names = sources_of(self._staged)
        self._values: dict[str, Any] = {
            "agency": job.agency,
            "creditor": job.creditor,
            "system": job.system,
            "erp": label_of(job.system),
            "source": job.source,
            "on": job.on,
            "full": job.full,
            "titles": job.titles,
            "opening": job.is_opening,
            "read_at": job.read_at,
            "update_data": job.update_data,
            "reopen": job.reopen_recalled,
            "import_branches": job.import_branches,
        }

    def staged(self, *kinds: str) -> bool:
        """Tell whether records of any of some kinds were staged."""
        return any(stage.name in kinds for stage in self._staged)

    def run(self, sql: str, **values: Any) -> int:
        """Run one statement and return how many rows it touched."""
        with connection.cursor() as cursor:
            cursor.execute(sql.format(**self._names), self._values | values)
            return int(cursor.rowcount)

    def rows(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        """Run one query and return its rows."""
        with connection.cursor() as cursor:
            cursor.execute(sql.format(**self._names), self._values | values)
            return list(cursor.fetchall())

    def number(self, sql: str, **values: Any) -> int:
        """Run one query and return its single number."""
        return int(self.rows(sql, **values)[0][0] or 0)
