"""Reading agreements."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    DecimalField,
    Exists,
    F,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from cobranca.accounts.models import Agency
from cobranca.agreements.models import (
    Agreement,
    AgreementInstallment,
    AgreementItem,
    AgreementPayment,
)
from cobranca.agreements.parameters import (
    DAYS_TO_BREACH,
    DAYS_TO_FIRST_PARCEL,
    PROPOSAL_DAYS,
    ROLL_DUE_DATES,
    SECTION,
)
from cobranca.agreements.states import LIVE, AgreementStatus, ParcelStatus, WaitsFor
from cobranca.calc.money import ZERO
from cobranca.campaigns.states import PlanKind
from cobranca.common.errors import DomainError, NotFoundError
from cobranca.contracts.models import Contract
from cobranca.contracts.states import InstallmentStatus
from cobranca.creditors.models import Creditor
from cobranca.creditors.selectors import value_of, values_of

NOTHING = Value(ZERO, output_field=DecimalField(max_digits=14, decimal_places=2))
# An integrated agreement in one of these stands in the ERP, or may yet.
IN_ERP = (*LIVE, AgreementStatus.SETTLED)
OWING = Q(parcels__status=ParcelStatus.OPEN)
_PARCELS = AgreementInstallment._base_manager


def with_money(agreements: QuerySet[Any]) -> QuerySet[Any]:
    """Add to each agreement what was `paid`, what `remains`, and when something is `next_due`."""
    parcels = _PARCELS.filter(agreement=OuterRef("pk")).order_by().values("agreement")
    owing = parcels.filter(status=ParcelStatus.OPEN)
    remaining = owing.annotate(told=Sum(F("amount") - F("paid"))).values("told")
    return agreements.annotate(
        paid=Coalesce(Subquery(parcels.annotate(told=Sum("paid")).values("told")), NOTHING),
        remains=Coalesce(Subquery(remaining), NOTHING),
        next_due=Subquery(owing.annotate(told=Min("due_date")).values("told")),
    )


def with_parts(agreements: QuerySet[Any]) -> QuerySet[Any]:
    """Fetch along the parcels and the originals with their contracts, in two more queries."""
    items = AgreementItem.objects.select_related("contract", "installment").order_by("position")
    return agreements.prefetch_related(
        Prefetch("items", queryset=items),
        Prefetch("parcels", queryset=AgreementInstallment.objects.order_by("number")),
    )


def listed() -> QuerySet[Any]:
    """Return agreements as lists show them, newest first: who, how much, paid, next due."""
    found = Agreement.objects.select_related("debtor", "creditor", "made_by")
    return with_money(found).order_by("-pk")


def agreements_of(debtor_id: int) -> QuerySet[Any]:
    """Return a debtor's agreements with parcels and originals, newest first: three queries."""
    return with_parts(listed().filter(debtor=debtor_id))


def agreement_detail(agreement_id: int) -> Agreement:
    """Return one agreement with everything about it, in four queries; payments newest first."""
    payments = AgreementPayment.objects.select_related("parcel", "recorded_by", "reversed_by")
    found = with_parts(listed().filter(pk=agreement_id)).select_related(
        "debtor", "creditor", "made_by", "approved_by", "quote", "template"
    )
    agreement = found.prefetch_related(Prefetch("payments", queryset=payments)).first()
    if agreement is None:
        raise NotFoundError("Acordo não encontrado.")
    return agreement


def waiting_approvals() -> QuerySet[Any]:
    """Return the agreements that wait for somebody's approval, oldest first."""
    return listed().filter(waits_for=WaitsFor.APPROVAL).order_by("pk")


def waiting_erp() -> QuerySet[Any]:
    """Return the agreements whose writing into the ERP broke off: to be integrated again."""
    return listed().filter(waits_for=WaitsFor.ERP).order_by("pk")


def left_waiting() -> list[Agreement]:
    """Return the agreements that are being sent to the ERP, or whose sending broke off."""
    sent = Q(waits_for=WaitsFor.ERP) | Q(status=AgreementStatus.ACTIVE)
    found = Agreement.objects.filter(sent, is_integrated=True, external_id="")
    return list(found.select_related("creditor__agency").order_by("pk"))


def followed(contract_ids: Collection[int]) -> list[int]:
    """Return the ids of agreements that have to follow what the ERP did to contracts."""
    told = Q(status__in=LIVE) | Q(status=AgreementStatus.SETTLED, is_integrated=True)
    return _ids(Agreement.objects.filter(told, items__contract__in=contract_ids))


def late_agreements(on: date) -> QuerySet[Any]:
    """Return agreements in force with a parcel due before `on`, the latest first."""
    active = listed().filter(status=AgreementStatus.ACTIVE)
    return active.filter(next_due__lt=on).order_by("next_due", "pk")


def live_agreement_of(installment_id: int) -> Agreement | None:
    """Return the agreement that holds an installment."""
    return Agreement.objects.filter(items__installment=installment_id, items__is_live=True).first()


def renegotiated(contracts: Iterable[Contract], but: int | None = None) -> tuple[str, ...]:
    """Return the numbers of contracts that an integrated agreement is about, other than `but`."""
    found = AgreementItem.objects.filter(
        contract__in=list(contracts), agreement__is_integrated=True, agreement__status__in=IN_ERP
    ).exclude(agreement=but)
    numbers = found.order_by("contract__number").values_list("contract__number", flat=True)
    return tuple(dict.fromkeys(numbers))


def payment_to_reverse(agreement_id: int, payment_id: int | None) -> int:
    """Return which payment of an agreement is meant: the one told, else the latest standing."""
    payments = AgreementPayment.objects.filter(agreement=agreement_id)
    if payment_id is not None:
        found = payments.filter(pk=payment_id).first()
    else:
        found = payments.filter(reversed_on=None).order_by("-pk").first()
    if found is None:
        raise DomainError("Este acordo não tem um pagamento a estornar.", "payment")
    return found.pk


# --- for the daily task ---------------------------------------------------------------------------


def creditors_with_agreements(agency: Agency) -> list[Creditor]:
    """Return the creditors that have proposals or live agreements."""
    open_states = (*LIVE, AgreementStatus.PROPOSAL)
    ids = Agreement.objects.filter(agency=agency, status__in=open_states).values("creditor")
    return list(Creditor.objects.filter(pk__in=ids).select_related("agency").order_by("pk"))


def to_break(creditor: Creditor, on: date) -> list[int]:
    """Return the ids of agreements that may have to be broken: a superset, by the due date alone.

    Days late run from the effective due date, which is never before the due date.
    """
    days = value_of(DAYS_TO_BREACH, agency=creditor.agency, creditor=creditor)
    if not days:
        return []
    late = Q(OWING, parcels__due_date__lte=on - timedelta(days=days))
    return _ids(_watched(creditor).filter(late))


def to_follow(creditor: Creditor) -> list[int]:
    """Return the ids of agreements that the ERP may have closed: live ones that no longer have
    an original in collection, and those that live in the ERP."""
    held = AgreementItem.objects.filter(
        agreement=OuterRef("pk"), covered_on=None, installment__status=InstallmentStatus.NEGOTIATED
    )
    there = Agreement.objects.filter(creditor=creditor, status=AgreementStatus.ACTIVE)
    return [*_ids(_watched(creditor).filter(~Exists(held))), *_ids(there.exclude(external_id=""))]


def to_expire(creditor: Creditor, on: date) -> list[int]:
    """Return the ids of proposals that are older than the creditor's may be."""
    days = value_of(PROPOSAL_DAYS, agency=creditor.agency, creditor=creditor)
    if not days:
        return []
    old = Q(status=AgreementStatus.PROPOSAL, made_on__lt=on - timedelta(days=days))
    return _ids(Agreement.objects.filter(old, creditor=creditor))


def _watched(creditor: Creditor) -> QuerySet[Agreement]:
    return Agreement.objects.filter(creditor=creditor, status__in=LIVE, is_integrated=False)


def _ids(agreements: QuerySet[Agreement]) -> list[int]:
    return list(agreements.order_by("pk").values_list("pk", flat=True).distinct())


# --- what a calculation for an agreement takes from the settings ----------------------------------


@dataclass(frozen=True, slots=True)
class ScheduleDefaults:
    """What the creditor's settings say of due dates."""

    first_due: date
    business_days: bool


def schedule_defaults(creditor: Creditor, plan: str, on: date) -> ScheduleDefaults:
    """Return when a first parcel falls due unless told, and whether due dates move."""
    values = values_of(SECTION, agency=creditor.agency, creditor=creditor)
    wait = 0 if plan == PlanKind.CASH else values[DAYS_TO_FIRST_PARCEL]
    return ScheduleDefaults(on + timedelta(days=wait), values[ROLL_DUE_DATES])
