"""Who reads an index from its source, when somebody can: integrations install themselves here."""

from datetime import date
from typing import Protocol

from cobranca.accounts.models import User
from cobranca.campaigns.models import IndexSeries
from cobranca.common.errors import DomainError


class Reader(Protocol):
    """Brings one index up to date from the central bank, or has it done in the background."""

    def __call__(self, series: IndexSeries, *, on: date, actor: User) -> str:
        """Return what to tell who asked; DomainError says in words why it is not possible."""


_readers: list[Reader] = []


def install_reader(reader: Reader) -> None:
    """Make `reader` the one that is asked."""
    _readers[:] = [reader]


def has_reader(series: IndexSeries) -> bool:
    """Tell whether an index can be read from the central bank."""
    return bool(_readers) and series.sgs_code is not None


def read(series: IndexSeries, *, on: date, actor: User) -> str:
    """Ask the installed reader; return what to tell who asked."""
    if not has_reader(series):
        raise DomainError("Este índice não tem série no Banco Central.", "sgs_code")
    return _readers[0](series, on=on, actor=actor)
