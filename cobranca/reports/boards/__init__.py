"""The boards there are, by their place in addresses."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cobranca.accounts.models import Agency
from cobranca.reports.board import Board
from cobranca.reports.boards.aging import aging
from cobranca.reports.boards.effectiveness import effectiveness
from cobranca.reports.boards.flow import flow
from cobranca.reports.boards.integrations import integrations
from cobranca.reports.boards.promises import promises
from cobranca.reports.boards.recovery import recovery
from cobranca.reports.filters import Filters
from cobranca.reports.periods import months_back

Build = Callable[[Agency, Filters, datetime], Board]
PERIOD, OWNER, BRANCH, PERSON = "period", "owner", "branch", "person"


@dataclass(frozen=True)
class Kind:
    """A board: its address, its name over REST, what it answers, which filters mean anything."""

    slug: str
    name: str
    title: str
    asks: str
    icon: str
    build: Build
    filters: frozenset[str]
    # Cut into weeks or months.
    has_steps: bool = False
    # Days after today that it looks at when no period is told.
    days_ahead: int = 0
    # Days before today; without it, the two months before this one as well.
    days_back: int | None = None

    def period_around(self, on: date) -> tuple[date, date]:
        """Return the period that is looked at when none is told."""
        if self.days_back is None:
            return months_back(on, 2), on + timedelta(days=self.days_ahead)
        return on - timedelta(days=self.days_back), on + timedelta(days=self.days_ahead)


def _simple(build: Callable[[Filters, datetime], Board]) -> Build:
    return lambda agency, filters, at: build(filters, at)


KINDS = {
    kind.slug: kind
    for kind in (
        Kind(
            "aging",
            "aging",
            "Aging",
            "Quanto está em aberto, há quanto tempo, e de quem é.",
            "layers",
            _simple(aging),
            frozenset({OWNER, BRANCH}),
        ),
        Kind(
            "recuperacao",
            "recovery",
            "Recuperação",
            "Quanto entrou, de onde veio, e quanto do que venceu já foi recebido.",
            "trending-up",
            _simple(recovery),
            frozenset({PERIOD, OWNER, BRANCH, PERSON}),
            has_steps=True,
        ),
        Kind(
            "promessas",
            "promises",
            "Promessas",
            "O que foi prometido para cada semana, e quanto se cumpriu.",
            "calendar-check",
            _simple(promises),
            frozenset({PERIOD, OWNER, BRANCH, PERSON}),
            has_steps=True,
            days_ahead=28,
            days_back=56,
        ),
        Kind(
            "efetividade",
            "effectiveness",
            "Efetividade",
            "Acionamentos, promessas, acordos e dinheiro, por cobrador e por canal.",
            "gauge",
            _simple(effectiveness),
            frozenset({PERIOD, OWNER, BRANCH, PERSON}),
        ),
        Kind(
            "movimento",
            "flow",
            "Entradas e saídas",
            "Quantas parcelas entraram na carteira, quantas saíram, e por quê.",
            "arrow-right-left",
            _simple(flow),
            frozenset({PERIOD, OWNER, BRANCH}),
            has_steps=True,
        ),
        Kind(
            "integracoes",
            "integrations",
            "Integrações",
            "Idade das carteiras, falhas, avisos na fila e chamadas que restam.",
            "plug",
            integrations,
            frozenset({PERIOD, OWNER}),
            days_back=6,
        ),
    )
}
BY_NAME = {kind.name: kind for kind in KINDS.values()}
