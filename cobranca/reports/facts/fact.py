"""A kind of row that boards count and lists show, as one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cobranca.reports.filters import NO_BRANCH, NOBODY, Filters

TEXT, WHOLE, MONEY, DAY, MOMENT, PERCENT = "text", "whole", "money", "day", "moment", "percent"


@dataclass(frozen=True)
class Column:
    """One column of a list."""

    key: str
    label: str
    kind: str = TEXT
    hide_narrow: bool = False


@dataclass(frozen=True)
class Choice:
    """A further narrowing of a list, by a word in its address.

    `column` is the fact's; its labels say which words there are and how people read them.
    """

    column: str
    title: str
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Fact:
    """Rows with at least: key (unique), day, debtor_id, contract_id, creditor_id, branch_id,
    number (of the installment), amount.

    `sql` holds the marks {contract} (creditor and branch of the contract `c`), {person} (team and
    collector of the user `u`), {period} (of `period_of`): conditions where they apply, else
    nothing.
    """

    slug: str
    title: str
    what: str
    sql: str
    columns: Sequence[Column]
    period_of: str = ""
    is_of_people: bool = False
    choices: Mapping[str, Choice] = field(default_factory=dict)
    newest_first: bool = True
    # How the channel is found, where it takes a look at other rows.
    channel: str = ""
    by_channel: str = ""
    # What stands now, whatever the period.
    is_of_now: bool = False
    # A debtor's contact may name no contract: then any of the debtor's counts.
    may_lack_contract: bool = False

    def statement(self, filters: Filters, *, with_channel: bool = True) -> str:
        """Return the rows that `filters` ask for as a statement; values go as parameters.

        The channel that an agreement is owed to is looked up for each: only if it is wanted.
        """
        return self.sql.format(
            by_channel=self.by_channel if with_channel else "",
            channel=self.channel if with_channel else "NULL",
            contract=self._contract(filters),
            person=self._person(filters),
            period=f"AND {self.period_of}" if self.period_of else "",
        )

    def _contract(self, filters: Filters) -> str:
        own = _of_contract("c", filters)
        if not own:
            return ""
        if not self.may_lack_contract:
            return f"AND {own}"
        return (
            f"AND CASE WHEN c.id IS NULL THEN EXISTS (SELECT 1 FROM contracts_contract o "
            f"WHERE o.debtor_id = f.debtor_id AND {_of_contract('o', filters)}) ELSE {own} END"
        )

    def _person(self, filters: Filters) -> str:
        if not self.is_of_people:
            return ""
        parts = []
        if filters.team is not None:
            parts.append("AND u.team_id = %(team)s")
        if filters.collector == NOBODY:
            parts.append("AND u.id IS NULL")
        elif filters.collector is not None:
            parts.append("AND u.id = %(collector)s")
        return " ".join(parts)


def _of_contract(alias: str, filters: Filters) -> str:
    parts = []
    if filters.creditor is not None:
        parts.append(f"{alias}.creditor_id = %(creditor)s")
    if filters.branch == NO_BRANCH:
        parts.append(f"{alias}.id IS NOT NULL AND {alias}.branch_id IS NULL")
    elif filters.branch is not None:
        parts.append(f"{alias}.branch_id = %(branch)s")
    return " AND ".join(parts)
