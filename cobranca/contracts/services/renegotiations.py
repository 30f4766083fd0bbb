"""What a renegotiation written into the ERP makes of a contract here: a new negotiation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import OperationalError, connection
from django.db.models import Max
from django.db.models.functions import Now
from psycopg.errors import LockNotAvailable

from cobranca.common.errors import DomainError
from cobranca.contracts.mirror.apply import LOCK_SPACE
from cobranca.contracts.models import Contract, Installment, Negotiation, TitleReading
from cobranca.contracts.services.installments import OWED, lock_installments, move_installments
from cobranca.contracts.states import InstallmentStatus

# The one payment condition that agreements are written with (playbook 7.3.2).
MONTHLY = "PM"


@dataclass(frozen=True, slots=True)
class Generated:
    """An installment as the ERP generated it."""

    number: int
    due_date: date
    amount: Decimal


class LoadUnderWayError(DomainError):
    """A load is being written, and whoever waits here may not wait for its end."""


def wait_for_mirror(agency_id: int, *, at_most: timedelta | None = None) -> None:
    """Take turns with the loads of an agency until the end of the transaction.

    A load that compared both books before this transaction would include the same installments.
    Before any row is locked: the mirror locks rows after it has its turn. A batimento takes
    minutes: LoadUnderWayError after `at_most`.
    """
    with connection.cursor() as cursor:
        if at_most is not None:
            milliseconds = str(int(at_most.total_seconds() * 1000))
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [milliseconds])
        try:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, agency_id])
        except OperationalError as error:
            if isinstance(error.__cause__, LockNotAvailable):
                raise LoadUnderWayError("Uma carga está sendo gravada.") from error
            raise
        if at_most is not None:  # of this wait alone
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")


def add_generated(contract: Contract, told: Sequence[Generated], *, on: date) -> list[Installment]:
    """Put what an agreement generated in the ERP into a negotiation of its own, in agreement.

    Some may be here: a load saw them first, or a renegotiation that was undone had their numbers,
    which the ERP gives out again. Call it in a transaction, after `wait_for_mirror`.
    """
    wanted = {each.number: each for each in told}
    ids = Installment.objects.filter(contract=contract, number__in=wanted)
    known = lock_installments(list(ids.values_list("pk", flat=True)))
    negotiation = _negotiation(contract, known, on)
    for row in known:
        _write(row, negotiation, wanted[row.number])
    numbers = {row.number for row in known}
    new = [each for each in told if each.number not in numbers]
    Installment.objects.bulk_create(_row(negotiation, each) for each in new)
    _take(contract, known, on)
    return lock_installments(list(ids.values_list("pk", flat=True)))


def _negotiation(contract: Contract, known: Sequence[Installment], on: date) -> Negotiation:
    """Return the negotiation of the generated installments: the one a load made, or a new one."""
    found = _made_by_load(contract, known)
    if found is not None:
        Negotiation.objects.filter(pk=found.pk).update(is_agreement=True)
        return found
    last = contract.negotiations.aggregate(last=Max("number"))["last"] or 0
    return Negotiation.objects.create(
        agency_id=contract.agency_id,
        contract=contract,
        number=last + 1,
        started_on=on,
        is_agreement=True,
    )


def _made_by_load(contract: Contract, known: Sequence[Installment]) -> Negotiation | None:
    """Return the negotiation that holds what a load included, unless it holds more than that."""
    numbers = {row.negotiation for row in known}
    if len(numbers) != 1 or 1 in numbers or any(row.status not in OWED for row in known):
        return None
    of_it = Installment.objects.filter(contract=contract, negotiation__in=numbers)
    if of_it.exclude(pk__in=[row.pk for row in known]).exists():
        return None
    return contract.negotiations.filter(number__in=numbers).first()


def _write(row: Installment, negotiation: Negotiation, told: Generated) -> None:
    row.negotiation, row.due_date = negotiation.number, told.due_date
    # What a load saw of it may have been paid in part already.
    row.balance = min(row.balance, told.amount) if row.status in OWED else told.amount
    row.principal = told.amount
    row.updated_at = Now()
    row.save(update_fields=["negotiation", "due_date", "principal", "balance", "updated_at"])


def _take(contract: Contract, known: Sequence[Installment], on: date) -> None:
    """Take what was here into the agreement: what had left collection is back in it first."""
    gone = [row for row in known if row.status not in OWED]
    move_installments(gone, InstallmentStatus.OPEN, on=on)
    recalls = contract.recalls.filter(number__in=[row.number for row in gone])
    recalls.filter(reopened_on=None).update(reopened_on=on)
    free = [row for row in known if row.status == InstallmentStatus.OPEN]
    move_installments(free, InstallmentStatus.NEGOTIATED, on=on)


def _row(negotiation: Negotiation, told: Generated) -> Installment:
    return Installment(
        agency_id=negotiation.agency_id,
        contract_id=negotiation.contract_id,
        negotiation=negotiation.number,
        number=told.number,
        label=str(told.number),
        due_date=told.due_date,
        principal=told.amount,
        balance=told.amount,
        note=MONTHLY,
        status=InstallmentStatus.NEGOTIATED,
    )


def finish_negotiations(contract: Contract, *, on: date) -> None:
    """Finish the negotiations of a contract of which nothing is owed any more."""
    owing = Installment.objects.filter(contract=contract, status__in=OWED)
    numbers = set(owing.values_list("negotiation", flat=True))
    contract.negotiations.filter(finished_on=None).exclude(number__in=numbers).update(
        finished_on=on
    )


def remove_negotiation(contract: Contract, numbers: Iterable[int]) -> None:
    """Remove what an agreement generated and is not owed, with its receipts and its negotiation."""
    found = Installment.objects.filter(contract=contract, number__in=list(numbers))
    rows = found.exclude(status__in=OWED)
    negotiations = set(rows.values_list("negotiation", flat=True))
    told = list(rows.values_list("number", flat=True))
    contract.payments.filter(number__in=told).delete()
    contract.recalls.filter(number__in=told).delete()
    rows.delete()
    left = set(contract.installments.values_list("negotiation", flat=True))
    contract.negotiations.filter(number__in=negotiations - left - {1}).delete()


def let_go(contract: Contract, numbers: Iterable[int]) -> None:
    """Say that no agreement tells any more what happens to what it generated.

    The ERP may give these numbers out again, to installments that are nobody's here.
    """
    rows = Installment.objects.filter(contract=contract, number__in=list(numbers))
    contract.negotiations.filter(number__in=rows.values("negotiation")).exclude(number=1).update(
        is_agreement=False
    )


def remember_reading(contract: Contract, read_at: datetime | None) -> None:
    """Note when the title was read in the ERP: a load that began before is older than that."""
    if read_at is None:
        return
    known = TitleReading.objects.filter(contract=contract)
    if not known.filter(read_at__gte=read_at).exists():
        TitleReading.objects.update_or_create(
            contract=contract, defaults={"agency_id": contract.agency_id, "read_at": read_at}
        )
