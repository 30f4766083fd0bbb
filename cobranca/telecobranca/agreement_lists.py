"""Lists of agreements as people look for them, page by page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from cobranca.accounts.models import User
from cobranca.accounts.roles import role_of
from cobranca.agreements.models import Agreement
from cobranca.agreements.parameters import SECTION
from cobranca.agreements.selectors import listed
from cobranca.agreements.services.authority import BY_ROLE, MAY_APPROVE
from cobranca.agreements.states import AgreementStatus, WaitsFor
from cobranca.creditors.models import ParameterValue
from cobranca.creditors.selectors import parse_stored
from cobranca.debtors.sight import seen

PAGE_SIZE = 25
# What a list may be narrowed to, besides a status.
FOR_ME, LATE = "minha-aprovacao", "vencidos"
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class AgreementPage:
    """Agreements and where the next page begins ("" at the end)."""

    rows: list[Agreement]
    after: str


def filters_for(actor: User) -> Mapping[str, str]:
    """Return the filters of the list, by the word in the address."""
    statuses = {str(value): str(label) for value, label in AgreementStatus.choices}
    mine = {FOR_ME: "Aguardando minha aprovação"} if actor.has_perm(MAY_APPROVE) else {}
    return {"": "Todos", **mine, LATE: "Vencidos", **statuses}


def agreements_page(wanted: str, actor: User, on: date, after: str = "") -> AgreementPage:
    """Return one page of the agency's agreements, newest first."""
    found = _narrowed(seen(listed(), "debtor"), wanted, actor, on)
    if after.isdecimal():
        found = found.filter(pk__lt=int(after[:18]))
    rows = list(found[: PAGE_SIZE + 1])
    shown = rows[:PAGE_SIZE]
    return AgreementPage(shown, str(shown[-1].pk) if len(rows) > PAGE_SIZE else "")


def _narrowed(
    found: QuerySet[Agreement], wanted: str, actor: User, on: date
) -> QuerySet[Agreement]:
    if wanted == FOR_ME:
        return _waiting_for(found, actor)
    if wanted == LATE:
        return found.filter(Q(("next_due__lt", on)), status=AgreementStatus.ACTIVE)
    return found.filter(status=wanted) if wanted in AgreementStatus.values else found


def _waiting_for(found: QuerySet[Agreement], actor: User) -> QuerySet[Agreement]:
    """Narrow to what waits for approval and is within `actor`'s authority at each creditor."""
    parameter = BY_ROLE.get(role_of(actor))
    if parameter is None or not actor.has_perm(MAY_APPROVE):
        return found.none()
    told = ParameterValue.objects.filter(section=SECTION, key=parameter.key)
    own = {row.creditor_id: parse_stored(parameter, row.value) for row in told}
    allowed = Case(
        *(When(creditor=creditor, then=Value(percent)) for creditor, percent in own.items()),
        default=Value(parameter.default),
        output_field=IntegerField(),
    )
    within = Q(discount__lte=F("updated_debt") * F("allowed") / HUNDRED)
    return found.filter(waits_for=WaitsFor.APPROVAL).alias(allowed=allowed).filter(within)
