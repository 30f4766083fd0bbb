"""Recibo of a payment of an agreement (Código Civil, art. 320)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cobranca.agreements.documents.paper import Document, Heading, put_on_paper
from cobranca.agreements.documents.people import place_of
from cobranca.agreements.documents.terms import Stamp
from cobranca.agreements.models import Agreement, AgreementPayment
from cobranca.agreements.states import AgreementStatus
from cobranca.calc.money import ZERO
from cobranca.calc.words import day_text
from cobranca.common.extenso import money_in_words
from cobranca.contracts.models import Contract

IN_FORCE = (AgreementStatus.ACTIVE, AgreementStatus.SETTLED)


@dataclass(frozen=True)
class Standing:
    """How far an agreement is paid when its receipt is issued."""

    total: Decimal
    paid: Decimal

    @property
    def remains(self) -> Decimal:
        return self.total - self.paid


def receipt(payment: AgreementPayment, *, on: date) -> Document:
    """Return the receipt of a payment; of a reversed one it says so, across the page."""
    agreement = payment.agreement
    number = f"{agreement.number}/{_place(payment)}"
    name = f"recibo-acordo-{agreement.number}-{_place(payment)}"
    context = {
        "payment": payment,
        "agreement": agreement,
        "debtor": agreement.debtor,
        "words": money_in_words(payment.amount),
        "parcel": _parcel(payment),
        "contracts": _contracts(agreement),
        "standing": _standing(agreement),
        "place": place_of(agreement.creditor),
        "stamp": _stamp(payment),
    }
    heading = Heading("Recibo", number, f"Acordo nº {agreement.number}")
    return put_on_paper("receipt", heading, agreement.creditor, name=name, on=on, context=context)


def _place(payment: AgreementPayment) -> int:
    """Return which payment of its agreement it is: rows are kept for ever, so it never changes."""
    return AgreementPayment.objects.filter(
        agreement=payment.agreement_id, pk__lte=payment.pk
    ).count()


def _parcel(payment: AgreementPayment) -> str:
    number = payment.parcel.number
    last = payment.agreement.parcels.exclude(number=0).count()
    if not number:
        return "à entrada"
    return "à parcela única" if last == 1 and number == 1 else f"à parcela {number} de {last}"


def _contracts(agreement: Agreement) -> list[Contract]:
    ids = agreement.items.values("contract")
    return list(Contract.objects.filter(pk__in=ids).order_by("number"))


def _standing(agreement: Agreement) -> Standing | None:
    """None once the agreement is over without being paid: then nothing remains of it."""
    if agreement.status not in IN_FORCE:
        return None
    paid = sum((parcel.paid for parcel in agreement.parcels.all()), ZERO)
    return Standing(agreement.total, paid)


def _stamp(payment: AgreementPayment) -> Stamp | None:
    if payment.reversed_on is None:
        return None
    text = f"Pagamento estornado em {day_text(payment.reversed_on)}: este recibo não vale."
    return Stamp("Estornado", text, "ESTORNADO")
