"""What contracts hold about persons, and what a merge of two debtors means for them."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, Q, QuerySet

from cobranca.accounts.models import Agency
from cobranca.common.errors import DomainError
from cobranca.contracts.models import Contract, Event, EventKind, Installment, Payment
from cobranca.contracts.services import LoadUnderWayError, wait_for_mirror
from cobranca.contracts.services.installments import OWED
from cobranca.contracts.states import ContractStatus
from cobranca.contracts.summary import refresh_summaries
from cobranca.creditors.selectors import value_of
from cobranca.debtors.holdings import (
    ROOMS,
    Change,
    DataClass,
    Holding,
    OnMerge,
    Parting,
    Person,
    Turn,
    hold,
    keep_out,
)
from cobranca.debtors.parameters import KEPT_YEARS

ERASED_TEXT = "Texto apagado na anonimização."
PATIENCE = timedelta(seconds=5)
NUMBER_LIMIT = 40


def wait_for_loads(agency_id: int, _debtors: Collection[int]) -> None:
    """Take turns with the loads: they look for debtors, and write, without any other lock."""
    try:
        wait_for_mirror(agency_id, at_most=PATIENCE)
    except LoadUnderWayError:
        raise DomainError(
            "Uma carga está sendo gravada: tente de novo em alguns instantes."
        ) from None


def lock_installments_of(_agency: int, debtor_ids: Collection[int]) -> None:
    """Lock the installments: whoever agrees, pays or recalls has them before anything else."""
    rows = Installment.objects.filter(contract__debtor__in=debtor_ids)
    list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))


def lock_contracts_of(_agency: int, debtor_ids: Collection[int]) -> None:
    """Lock the contracts, after their installments."""
    rows = Contract.objects.filter(debtor__in=debtor_ids).order_by("pk")
    list(rows.select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))


# --- the key of a contract ------------------------------------------------------------------------


def _same_key(kept: int, gone: int) -> list[tuple[Contract, Contract]]:
    """Return the contracts of both that have one creditor, type and number."""
    theirs = {_key(row): row for row in Contract.objects.filter(debtor=gone).order_by("pk")}
    ours = Contract.objects.filter(debtor=kept).order_by("pk")
    return [(row, theirs[_key(row)]) for row in ours if _key(row) in theirs]


def _key(row: Contract) -> tuple[int, int, str]:
    return row.creditor_id, row.contract_type_id, row.number


def refuse_two_in_force(kept: int, gone: int) -> str:
    """Say which contract both have in force: only the ERP knows which one is meant."""
    found = [ours.number for ours, theirs in _same_key(kept, gone)
             if ours.is_current and theirs.is_current]  # fmt: skip
    if not found:
        return ""
    return (
        f"Os dois têm em vigor o contrato {', '.join(found)}, do mesmo credor e tipo: "
        "confira no ERP qual deles vale."
    )


def renumber_old_ones(kept: int, gone: int) -> list[Change]:
    """Tell contracts of one key apart: the one that was transferred away gets another number."""
    taken = set(Contract.objects.filter(debtor__in=(kept, gone)).values_list("number", flat=True))
    changes = []
    for ours, theirs in _same_key(kept, gone):
        old = theirs if not theirs.is_current else ours
        number = _free(old.number, taken)
        taken.add(number)
        changes.append(Change("contracts.contract", old.pk, "number", old.number, number))
    return changes


def _free(number: str, taken: Collection[str]) -> str:
    for serial in range(2, len(taken) + 3):
        suffix = f" ({serial})"
        if (told := f"{number[: NUMBER_LIMIT - len(suffix)]}{suffix}") not in taken:
            return told
    raise AssertionError("more numbers than contracts")


def contracts_since(parting: Parting) -> "QuerySet[Any]":
    """Return the kept one's contracts whose holder, in the ERP, is one of the second's codes."""
    wanted = Q(pk__in=())
    for system, code in parting.customers:
        wanted |= Q(creditor__creditor_type=system, external_debtor=code)
    return Contract.objects.filter(wanted, debtor=parting.kept_id)


# --- anonymising ----------------------------------------------------------------------------------


def object_to_what_is_owed(person: Person, on: date) -> str:
    """Refuse while anything is open: whoever is owed may still claim it."""
    open_ones = Installment.objects.filter(contract__debtor__in=person.ids, status__in=OWED)
    active = Contract.objects.filter(debtor__in=person.ids, status=ContractStatus.ACTIVE)
    if not open_ones.exists() and not active.exists():
        return ""
    return "Há contrato em aberto: enquanto houver, os dados são necessários para a cobrança."


def object_to_what_must_be_kept(person: Person, on: date) -> str:
    """Refuse within the years that documents of a debt must be kept after its last movement."""
    last = _last_movement(person)
    years = value_of(KEPT_YEARS, agency=Agency.objects.get(pk=person.agency_id))
    if last is None or (until := _years_after(last, years)) <= on:
        return ""
    return (
        f"A guarda obrigatória vai até {until:%d/%m/%Y}: {years} anos desde a última "
        f"movimentação, em {last:%d/%m/%Y}."
    )


def _years_after(day: date, years: int) -> date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + years, day=28 if leap else day.day)


def _last_movement(person: Person) -> date | None:
    contracts = Contract.objects.filter(debtor__in=person.ids)
    finished = contracts.aggregate(last=Max("finished_on"))["last"]
    paid = Payment.objects.filter(contract__in=contracts).aggregate(last=Max("paid_on"))["last"]
    return max((day for day in (finished, paid) if day), default=None)


def erase_from_others(person: Person) -> int:
    """Take a person's name out of what the timelines of others say of transfers with them."""
    own = Contract.objects.filter(debtor__in=person.ids)
    same = Q(pk__in=())
    for creditor, number in own.values_list("creditor", "number"):
        same |= Q(contract__creditor=creditor, contract__number=number)
    events = Event.objects.filter(same, kind=EventKind.TRANSFER).exclude(debtor__in=person.ids)
    changed = 0
    for event in events:
        text = event.text
        for name in person.names:
            text = text.replace(name, "pessoa anonimizada") if name else text
        changed += Event.objects.filter(pk=event.pk).exclude(text=text).update(text=text)
    return changed


def install() -> None:
    """Make all of it known."""
    through = {"owner": "contract__debtor", "hidden": ("agency",)}
    hold(
        Holding(
            "contracts.contract",
            DataClass.DEBT,
            on_merge=OnMerge.MOVES,
            later=contracts_since,
            hidden=("agency",),
            erased={"external_debtor": ""},
        ),
        Holding("contracts.negotiation", DataClass.DEBT, **through),  # type: ignore[arg-type]
        Holding("contracts.installment", DataClass.DEBT, **through),  # type: ignore[arg-type]
        Holding("contracts.payment", DataClass.DEBT, **through),  # type: ignore[arg-type]
        Holding(
            "contracts.recall",
            DataClass.DEBT,
            erased={"note": ""},
            **through,  # type: ignore[arg-type]
        ),
        Holding("contracts.titlereading", DataClass.TRAFFIC, **through),  # type: ignore[arg-type]
        Holding(
            "contracts.debtorsync",
            DataClass.TRAFFIC,
            on_merge=OnMerge.STAYS,
            hidden=("agency",),
            is_removed=True,
        ),
        Holding(
            "contracts.event",
            DataClass.TIMELINE,
            on_merge=OnMerge.MOVES,
            contract="contract",
            hidden=("agency",),
            erased={"text": ERASED_TEXT, "title": ""},
        ),
    )
    keep_out(DataClass.SETTINGS, "contracts.agencyrecallreason")
    ROOMS.locks += [
        (Turn.LOADS, wait_for_loads),
        (Turn.INSTALLMENTS, lock_installments_of),
        (Turn.CONTRACTS, lock_contracts_of),
    ]
    ROOMS.obstacles.append(refuse_two_in_force)
    ROOMS.preparations.append(renumber_old_ones)
    ROOMS.refreshes.append(refresh_summaries)
    ROOMS.objections += [object_to_what_is_owed, object_to_what_must_be_kept]
    ROOMS.erasers.append(erase_from_others)
