"""What a move of an agreement reads, under the one lock that serialises them.

Always in this order, so that nobody waits in a circle: the agreement, its original installments
(by key), the agency (for a number). Parcels, items and payments change only under the agreement's
lock and need none of their own.
"""

from dataclasses import dataclass
from decimal import Decimal

from cobranca.agreements.models import Agreement, AgreementInstallment, AgreementItem
from cobranca.agreements.wording import summary_text
from cobranca.calc.money import ZERO
from cobranca.common.errors import NotFoundError
from cobranca.contracts.models import Contract, Installment
from cobranca.contracts.services import lock_installments
from cobranca.contracts.states import InstallmentStatus


def lock_agreement(agreement_id: int) -> Agreement:
    """Lock an agreement against every other move of it; NotFoundError when it is not ours."""
    agreement = (
        Agreement.objects.select_for_update(of=("self",))
        .select_related("agency", "creditor", "debtor")
        .filter(pk=agreement_id)
        .first()
    )
    if agreement is None:
        raise NotFoundError("Acordo não encontrado.")
    return agreement


@dataclass(frozen=True)
class Whole:
    """A locked agreement with its parcels, its originals, and these in the contract, locked."""

    agreement: Agreement
    parcels: list[AgreementInstallment]
    items: list[AgreementItem]
    installments: dict[int, Installment]

    @property
    def paid(self) -> Decimal:
        """What was received for it and not reversed."""
        return sum((parcel.paid for parcel in self.parcels), ZERO)

    @property
    def nets(self) -> list[Decimal]:
        """What each original has to be paid, in order."""
        return [item.net for item in self.items]

    @property
    def contract(self) -> Contract | None:
        """Its contract, when there is only one: events are shown there."""
        contracts = {item.contract_id: item.contract for item in self.items}
        return next(iter(contracts.values())) if len(contracts) == 1 else None

    @property
    def summary(self) -> str:
        """The agreement in two lines, as on the timeline."""
        return summary_text(self.agreement, self.parcels, self.items)

    def original(self, item: AgreementItem) -> Installment:
        """Return the locked installment of an item."""
        return self.installments[item.installment_id]

    def is_held(self, item: AgreementItem) -> bool:
        """Tell whether the item's installment is out of collection because of this agreement.

        The mirror may have taken it back meanwhile: then nothing here concerns it any more.
        """
        return item.is_live and self.original(item).status == InstallmentStatus.NEGOTIATED


def whole(agreement: Agreement) -> Whole:
    """Read all of a locked agreement, and lock its original installments."""
    items = list(agreement.items.select_related("contract", "installment").order_by("position"))
    locked = lock_installments([item.installment_id for item in items])
    return Whole(
        agreement=agreement,
        parcels=list(agreement.parcels.order_by("number")),
        items=items,
        installments={row.pk: row for row in locked},
    )


def lock_whole(agreement_id: int) -> Whole:
    """Lock an agreement and all it holds."""
    return whole(lock_agreement(agreement_id))
