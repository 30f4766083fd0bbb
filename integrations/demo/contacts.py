"""Contacts, promises and callbacks of the demonstration: recorded by its collectors, once."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import cycle

from cobranca.accounts.models import Agency, User
from cobranca.accounts.roles import COLLECTOR
from cobranca.calc.calendar import SATURDAY
from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.debtors.models import DebtorSummary
from cobranca.dunning.models import ContactRecord, ContactResult
from cobranca.dunning.results import default_results
from cobranca.dunning.services import (
    CallbackWanted,
    Contacted,
    PromiseGiven,
    record_contact,
    settle_promises,
)

# What came of one call after the other, and how many days ago.
DAY = (
    ("nao-atende", 1), ("promessa", 6), ("falou", 2), ("recado", 1), ("pediu-retorno", 0),
    ("promessa", 0), ("ja-pagou", 3), ("promessa", 4), ("recusa", 2), ("pediu-retorno", 1),
)  # fmt: skip
MADE = 60
PROMISED_AFTER = timedelta(days=3)
WORDS = {
    "falou": "Vai conferir com a família e retorna.",
    "recado": "Recado com a irmã.",
    "ja-pagou": "Diz que pagou na lotérica; pede para conferir.",
    "recusa": "Não reconhece os encargos.",
    "promessa": "Recebe no fim da semana.",
    "pediu-retorno": "Está em reunião.",
}


def ensure_contacts(agency: Agency, *, at: datetime) -> int:
    """Have the collectors of an agency call its debtors, once; return how many contacts.

    The calls are of the afternoons before: the demonstration may be started at any hour.
    """
    results = {result.code: result for result in default_results(agency)}
    collectors = list(
        User.objects.filter(agency=agency, groups__name=COLLECTOR).order_by("username")
    )
    if ContactRecord.objects.exists() or not collectors:
        return 0
    owing = DebtorSummary.objects.filter(open_total__gt=0).select_related("debtor__agency")
    rows = list(owing.order_by("oldest_due_date", "debtor_id")[:MADE])
    made = sum(_talk(row, results, who, told, at) for row, who, told in _days(rows, collectors))
    settle_promises(agency_id=agency.pk, on=clock.office_date(at))
    return made


def _days(
    rows: Sequence[DebtorSummary], collectors: Sequence[User]
) -> Iterator[tuple[DebtorSummary, User, tuple[str, int]]]:
    # `rows` ends, the others go round.
    return zip(rows, cycle(collectors), cycle(DAY), strict=False)


def _talk(
    row: DebtorSummary,
    results: dict[str, ContactResult],
    collector: User,
    told: tuple[str, int],
    at: datetime,
) -> bool:
    code, days = told
    then = _afternoon(at, days)
    contacted = Contacted(
        result=results[code],
        text=WORDS.get(code, ""),
        promise=_promise(row, clock.office_date(then)) if code == "promessa" else None,
        callback=CallbackWanted(then + timedelta(hours=26)) if code == "pediu-retorno" else None,
    )
    try:
        record_contact(debtor=row.debtor, told=contacted, actor=collector, at=then)
    except DomainError:
        return False  # blocked, without a phone, or a holiday there
    return True


def _afternoon(at: datetime, days: int) -> datetime:
    """Return 14:00 of a weekday at least so many days before."""
    then = clock.office_time(at).replace(hour=14, minute=0) - timedelta(days=days + 1)
    while then.weekday() >= SATURDAY:
        then -= timedelta(days=1)
    return then


def _promise(row: DebtorSummary, on: date) -> PromiseGiven:
    return PromiseGiven(on + PROMISED_AFTER, min(row.open_total, Decimal("850.00")))
