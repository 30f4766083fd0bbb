"""What boards do alike."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cobranca.reports.board import Line
from cobranca.reports.filters import Filters
from cobranca.reports.periods import Bucket

# More lines than this are not read; the rest is one line, so that the table adds up.
MOST_LINES = 20
RATES = ("rate", "percent")


@dataclass(frozen=True)
class Owner:
    """By whom a portfolio is divided: creditors, or the branches of the one asked for."""

    name: str
    label: str
    parameter: str

    @property
    def column(self) -> str:
        """Return the column of a fact that names it."""
        return f"{self.name}_id"


_CREDITOR = Owner("creditor", "Credor", "credor")
_BRANCH = Owner("branch", "Filial", "filial")


def owner_of(filters: Filters) -> Owner:
    """Return by whom figures under these filters are divided."""
    return _CREDITOR if filters.creditor is None else _BRANCH


def ranked(lines: Sequence[Line], by: str, most: int = MOST_LINES) -> list[Line]:
    """Return lines from the largest; those beyond `most` are added up in one."""
    ordered = sorted(lines, key=lambda line: (-(line.values[by] or 0), line.label))
    if len(ordered) <= most:
        return ordered
    rest = ordered[most - 1 :]
    return [*ordered[: most - 1], Line("rest", f"Outros {len(rest)}", added(rest))]


def added(lines: Sequence[Line]) -> dict[str, Any]:
    """Return the columns of lines added up; percentages do not add up and are left out."""
    keys = lines[0].values if lines else ()
    return {
        key: None if key.endswith(RATES) else sum(line.values[key] for line in lines)
        for key in keys
    }


def by_bucket(
    buckets: Sequence[Bucket],
    values: Callable[[Bucket], Mapping[str, Any]],
    urls: Callable[[Bucket], Mapping[str, str]],
) -> list[Line]:
    """Return one line a week or month, those without anything too."""
    return [Line(each.start.isoformat(), each.label, values(each), urls(each)) for each in buckets]


def span(bucket: Bucket) -> dict[str, str]:
    """Return the filters of a list that keep to a week or month."""
    return {"de": bucket.start.isoformat(), "ate": bucket.end.isoformat()}
