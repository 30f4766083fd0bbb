"""What agreements hold about persons, and what a merge of two debtors means for them."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from cobranca.agreements.models import Agreement, AgreementItem
from cobranca.agreements.states import LIVE, AgreementStatus
from cobranca.debtors.holdings import (
    ROOMS,
    DataClass,
    Holding,
    OnMerge,
    Person,
    Turn,
    hold,
    keep_out,
)

HIDDEN = ("agency",)


def lock_agreements_of(_agency: int, debtor_ids: Collection[int]) -> None:
    """Lock the agreements: every move of one begins with it."""
    rows = Agreement.objects.filter(debtor__in=debtor_ids).order_by("pk")
    list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))


def refuse_to_part_agreements(kept: int, contracts: Collection[int]) -> str:
    """Say which agreements join contracts that go back with contracts that stay."""
    items = AgreementItem.objects.filter(agreement__debtor=kept)
    back = set(items.filter(contract__in=contracts).values_list("agreement__number", flat=True))
    stay = set(items.exclude(contract__in=contracts).values_list("agreement__number", flat=True))
    numbers = sorted(back & stay)
    if not numbers:
        return ""
    told = ", ".join(map(str, numbers))
    return f"O acordo {told} reúne contratos dos dois cadastros: eles não podem mais ser separados."


def object_to_agreements_in_force(person: Person, on: date) -> str:
    """Refuse while an agreement is in force, waits, or is offered."""
    living = (*LIVE, AgreementStatus.PROPOSAL)
    found = Agreement.objects.filter(debtor__in=person.ids, status__in=living).order_by("number")
    if (agreement := found.first()) is None:
        return ""
    return f"O acordo {agreement.number} está em “{agreement.get_status_display()}”."


def _of_agreement(model: str, erased: Mapping[str, Any] | None = None) -> Holding:
    """Return what is held of a table that leads to the debtor through its agreement."""
    return Holding(
        model,
        DataClass.AGREEMENT,
        owner="agreement__debtor",
        hidden=HIDDEN,
        erased=erased or {},
    )


def install() -> None:
    """Make all of it known."""
    hold(
        Holding(
            "agreements.agreement",
            DataClass.AGREEMENT,
            on_merge=OnMerge.MOVES,
            contract="items__contract",
            hidden=HIDDEN,
            erased={"description": "", "reason": ""},
        ),
        _of_agreement("agreements.agreementitem"),
        _of_agreement("agreements.agreementinstallment"),
        _of_agreement("agreements.agreementpayment", erased={"note": ""}),
    )
    keep_out(
        DataClass.SETTINGS, "agreements.agreementtemplate", "agreements.historicalagreementtemplate"
    )
    ROOMS.locks.append((Turn.AGREEMENTS, lock_agreements_of))
    ROOMS.undo_obstacles.append(refuse_to_part_agreements)
    ROOMS.objections.append(object_to_agreements_in_force)
