"""Documents to debtors by e-mail: of a calculation that is not saved, and of an agreement."""

from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cobranca.agreements.calculating import calculate_agreement
from cobranca.agreements.documents import Kind, Sending, send_calculation, send_document
from cobranca.agreements.models import Agreement, AgreementPayment
from cobranca.campaigns.api.calculation_fields import CalculationFields, asked_from, wire_names
from cobranca.campaigns.models import Quote
from cobranca.common import clock
from cobranca.common.api.idempotency import HEADER
from cobranca.common.api.serializers import Fields
from cobranca.common.api.views import Resource
from cobranca.common.errors import NotFoundError
from cobranca.contracts.api.erp import MailedSerializer

SENDS = ("contracts.add_event", "debtors.view_emailaddress")
OF_CALCULATION = (Kind.DEBT, Kind.CALCULATION)
OF_AGREEMENT = (Kind.TERM, Kind.STATEMENT, Kind.RECEIPT)
CALCULATION_DOCUMENTS = [(kind.value, kind.label) for kind in OF_CALCULATION]
AGREEMENT_DOCUMENTS = [(kind.value, kind.label) for kind in OF_AGREEMENT]
ANSWERED = {202: MailedSerializer}


class EmailField(Fields):
    email = serializers.IntegerField(
        min_value=1, required=False, help_text="E-mail ativo do devedor. Sem ele: o principal."
    )


class CalculationMailIn(CalculationFields, EmailField):
    document = serializers.ChoiceField(CALCULATION_DOCUMENTS, default=Kind.CALCULATION.value)


class AgreementMailIn(EmailField):
    document = serializers.ChoiceField(AGREEMENT_DOCUMENTS)
    payment = serializers.IntegerField(
        min_value=1, required=False, help_text="De qual pagamento é o recibo. Sem ele: do último."
    )


class Sends(Resource):
    """A resource that has documents sent: they leave with the outbox."""

    # What the law of contact said is kept though the call as a whole fails.
    posts_in_transaction = False

    def sending(self, told: dict[str, Any]) -> Sending:
        """Return the wish: each call is one; repeated calls are told by their Idempotency-Key."""
        on = clock.today()
        return Sending(
            actor=self.actor,
            on=on,
            at=clock.now(),
            token=self._token(on),
            email_id=told.get("email"),
        )

    def _token(self, on: date) -> str:
        # Of two calls with one key at the same instant, one document goes out.
        key = self.request.headers.get(HEADER)
        told = f"{self.request.path}:{self.actor.pk}:{on}:{key}"
        return uuid5(NAMESPACE_URL, told).hex if key else uuid4().hex


class CalculationMailViewSet(Sends):
    """A calculation's documents: POST only."""

    about = "Envia ao devedor, por e-mail, a memória ou o demonstrativo de um cálculo."
    model = Quote
    serializer_class = MailedSerializer
    needs = {"create": ("debtors.view_debtor", "contracts.view_installment", *SENDS)}

    @extend_schema(summary="Enviar por e-mail", request=CalculationMailIn, responses=ANSWERED)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Calculate, keep what was calculated, and have it sent."""
        given = CalculationMailIn(data=request.data)
        given.is_valid(raise_exception=True)
        told = given.validated_data
        with wire_names():
            made = calculate_agreement(told["debtor"].pk, asked_from(told, on=clock.today()))
            sent = send_calculation(made, self.sending(told), Kind(told["document"]))
        return Response({"email": sent.email}, status=202)


class AgreementMailViewSet(Sends):
    """An agreement's documents."""

    about = "Envia ao devedor, por e-mail, o termo, a memória ou um recibo de um acordo."
    model = Agreement
    serializer_class = MailedSerializer
    needs = {
        "mail": ("agreements.view_agreement", "agreements.view_agreementpayment", *SENDS),
    }

    @extend_schema(
        summary="Enviar um documento por e-mail", request=AgreementMailIn, responses=ANSWERED
    )
    @action(detail=True, methods=["post"])
    def mail(self, request: Request, pk: str) -> Response:
        """Have a document of an agreement sent."""
        agreement = self.get_object()
        given = AgreementMailIn(data=request.data)
        given.is_valid(raise_exception=True)
        told = given.validated_data
        kind = Kind(told["document"])
        key = _payment(agreement, told).pk if kind == Kind.RECEIPT else agreement.pk
        return Response({"email": send_document(kind, key, self.sending(told)).email}, status=202)


def _payment(agreement: Agreement, told: dict[str, Any]) -> AgreementPayment:
    payments = AgreementPayment.objects.filter(agreement=agreement).order_by("-pk")
    found = payments.filter(pk=told["payment"]) if "payment" in told else payments
    row = found.first()
    if row is None:
        raise NotFoundError("Este acordo não tem esse pagamento.", "payment")
    return row
