"""Which bills and installments the two portfolio reports of the bulk API take."""

from dataclasses import dataclass
from datetime import date

from integrations.sienge.sandbox import model as m
from integrations.sienge.sandbox.call import Call
from integrations.sienge.sandbox.catalog import (
    CANCELLED,
    REMADE,
    SUBSTITUTED,
    TERMINATED,
)
from integrations.sienge.sandbox.views.filters import Allowed
from integrations.sienge.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Chosen:
    """The filters shared by the extract and the debt balance."""

    start: date
    end: date
    since: date | None
    correction_on: date
    bill_id: int | None
    company_id: int | None
    customer_id: int | None
    cost_center_id: int | None
    unit_name: str | None
    documents: set[str]
    bearers: set[int]
    terms: Allowed
    hidden: frozenset[int]

    @classmethod
    def of(cls, call: Call) -> "Chosen":
        """Read the arguments of a call."""
        return cls(
            start=call.required_day("startDueDate"),
            end=call.required_day("endDueDate"),
            since=call.day("changeStartDate"),
            correction_on=call.day("correctionDate") or call.world.today,
            bill_id=call.integer("billReceivableId"),
            company_id=call.integer("companyId"),
            customer_id=call.integer("customerId"),
            cost_center_id=call.integer("costCenterId"),
            unit_name=call.text("unitNumber"),
            documents=call.words("documentsId"),
            bearers=call.integers("bearersId"),
            terms=Allowed.of(call, "paymentTermsId", "paymentTermsIdNotIn"),
            hidden=_hidden(call),
        )

    def takes_bill(self, world: World, bill: m.Bill) -> bool:
        """Whether a bill is asked for; a co-holder finds it too."""
        names = {world.units[unit_id].name for unit_id in bill.unit_ids}
        return (
            self.bill_id in (None, bill.id)
            and self.company_id in (None, bill.company_id)
            and self.cost_center_id in (None, bill.enterprise_id)
            and (self.customer_id is None or self.customer_id in world.holders_of(bill))
            and (self.unit_name is None or self.unit_name in names)
            and (not self.documents or bill.document_type in self.documents)
        )

    def installments(self, bill: m.Bill) -> list[m.Installment]:
        """Return the installments of a bill that are asked for, by id."""
        chosen = (i for i in bill.installments.values() if self._takes(i))
        return sorted(chosen, key=lambda installment: installment.id)

    def _takes(self, installment: m.Installment) -> bool:
        return (
            self.start <= installment.due_on <= self.end
            and (self.since is None or installment.changed_on >= self.since)
            and (not self.bearers or installment.condition.bearer_id in self.bearers)
            and self.terms.holds(installment.condition.code)
            and not self._is_hidden(installment)
        )

    def _is_hidden(self, installment: m.Installment) -> bool:
        if installment.is_open or not installment.receipts:
            return False
        return installment.receipts[-1].operation_id in self.hidden


def _hidden(call: Call) -> frozenset[int]:
    """Return the operations whose settled installments were asked to be left out."""
    flags = {
        "includeRemadeInstallments": REMADE,
        "includeCanceledInstallments": CANCELLED,
        "includeRevokedInstallments": TERMINATED,
        "includeRenegotiatedDischarge": SUBSTITUTED,
    }
    return frozenset(code for name, code in flags.items() if call.flag(name) is False)
