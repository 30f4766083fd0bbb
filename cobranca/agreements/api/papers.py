"""Documents as PDF: of agreements, of payments, of a calculation that is not saved."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request

from cobranca.agreements import documents
from cobranca.agreements.api.documents import CALCULATION_DOCUMENTS
from cobranca.agreements.calculating import calculate_agreement
from cobranca.agreements.documents import Document, Kind
from cobranca.agreements.models import Agreement, AgreementPayment
from cobranca.campaigns.api.calculation_fields import CalculationFields, asked_from, wire_names
from cobranca.campaigns.models import Quote
from cobranca.common import clock
from cobranca.common.api.serializers import Fields
from cobranca.common.api.views import Resource

PDF = {(200, "application/pdf"): OpenApiTypes.BINARY}
SEES = ("agreements.view_agreement", "agreements.view_agreementpayment")


def answered(document: Document) -> HttpResponse:
    """Answer with a document, under the name it would be saved by."""
    response = HttpResponse(document.pdf(), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{document.name}.pdf"'
    return response


class AgreementPaperViewSet(Resource):
    """What is handed to a debtor about an agreement."""

    about = "Documentos de um acordo em PDF."
    model = Agreement
    serializer_class = Fields
    needs = dict.fromkeys(("term", "debt_statement", "statement"), SEES)

    @extend_schema(summary="Baixar o termo do acordo", responses=PDF)
    @action(detail=True)
    def term(self, request: Request, pk: str) -> HttpResponse:
        """Answer with the term."""
        return answered(documents.term(self.get_object(), on=clock.today()))

    @extend_schema(summary="Baixar o demonstrativo de débito", responses=PDF)
    @action(detail=True, url_path="debt-statement")
    def debt_statement(self, request: Request, pk: str) -> HttpResponse:
        """Answer with what was owed when the agreement was made."""
        priced = documents.of_quote(self.get_object().quote)
        return answered(documents.debt_statement(priced, on=clock.today()))

    @extend_schema(summary="Baixar a memória de cálculo", responses=PDF)
    @action(detail=True)
    def statement(self, request: Request, pk: str) -> HttpResponse:
        """Answer with the memória."""
        return answered(documents.statement_of_agreement(self.get_object(), on=clock.today()))


class ReceiptViewSet(Resource):
    """Receipts of payments."""

    about = "Recibo de um pagamento de acordo em PDF."
    model = AgreementPayment
    serializer_class = Fields
    needs = {"receipt": SEES}

    @extend_schema(summary="Baixar o recibo", responses=PDF)
    @action(detail=True)
    def receipt(self, request: Request, pk: str) -> HttpResponse:
        """Answer with the receipt."""
        return answered(documents.receipt(self.get_object(), on=clock.today()))


class CalculationPaperIn(CalculationFields):
    document = serializers.ChoiceField(CALCULATION_DOCUMENTS, default=Kind.CALCULATION.value)


class CalculationPaperViewSet(Resource):
    """A calculation's documents: POST only, nothing is saved."""

    about = "Memória ou demonstrativo de um cálculo em PDF; nada é salvo."
    model = Quote
    serializer_class = CalculationPaperIn
    needs = {"create": ("debtors.view_debtor", "contracts.view_installment")}
    file_actions = ("create",)

    @extend_schema(summary="Baixar em PDF", request=CalculationPaperIn, responses=PDF)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Calculate and answer with the document."""
        given = CalculationPaperIn(data=request.data)
        given.is_valid(raise_exception=True)
        told = given.validated_data
        with wire_names():
            made = calculate_agreement(told["debtor"].pk, asked_from(told, on=clock.today()))
        if Kind(told["document"]) == Kind.DEBT:
            priced = documents.of_calculation(made)
            return answered(documents.debt_statement(priced, on=clock.today()))
        return answered(documents.statement_of_calculation(made, on=clock.today()))
