"""What may be asked of a creditor's ERP about a debtor: reading anew, boletos, papers by e-mail."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cobranca.common import clock
from cobranca.common.api.serializers import Fields, Row
from cobranca.common.api.views import Resource
from cobranca.contracts.erp_mail import MESSAGE_LIMIT, Paper, Wish, mail_copy, mail_paper
from cobranca.contracts.models import Contract, DebtorSync, Installment
from cobranca.contracts.second_copies import IssuedCopy, issue_copy, open_copy
from cobranca.contracts.syncing import open_debtor
from cobranca.debtors.models import Debtor

SEES = ("debtors.view_debtor", "contracts.view_installment")
ISSUES = (*SEES, "contracts.add_event")
SENDS = (*ISSUES, "debtors.view_emailaddress")


class DebtorSyncSerializer(Row):
    """The reading that opening a debtor asked for last; `status` is null where none ever did."""

    class Meta:
        model = DebtorSync
        fields = (
            "debtor", "status", "requested_at", "started_at", "finished_at", "synced_at",
            "failing_since", "changed", "message",
        )  # fmt: skip
        read_only_fields = fields
        extra_kwargs = {
            name: {"allow_null": True} for name in ("status", "requested_at", "message")
        }


class DebtorSyncIn(Fields):
    force = serializers.BooleanField(
        default=False, help_text="Sim: consulta mesmo que tenha acabado de ser consultado."
    )


class SecondCopySerializer(Fields):
    line = serializers.CharField(help_text="Linha digitável, só números quando confere.")
    shown_line = serializers.CharField(help_text="Linha digitável com pontos e espaços.")
    amount: Any = serializers.DecimalField(
        max_digits=14, decimal_places=2, allow_null=True, help_text="Lido da linha digitável."
    )
    due_date = serializers.DateField(allow_null=True, help_text="Lido da linha digitável.")
    is_overdue = serializers.BooleanField()
    problem = serializers.CharField(help_text="Por que a linha não pode ser usada; vazio: pode.")
    sms = serializers.CharField(help_text="Texto pronto para SMS.")


class MailIn(Fields):
    email = serializers.IntegerField(
        min_value=1, required=False, help_text="E-mail ativo do devedor. Sem ele: o principal."
    )
    message = serializers.CharField(
        max_length=MESSAGE_LIMIT, required=False, allow_blank=True, default=""
    )


class MailedSerializer(Fields):
    email = serializers.EmailField(help_text="Para onde foi.")


class ErpResource(Resource):
    """A resource whose POSTs wait for the ERP: never within a transaction."""

    posts_in_transaction = False

    def wish(self) -> Wish:
        """Return what the body says about an e-mail."""
        asked = MailIn(data=self.request.data)
        asked.is_valid(raise_exception=True)
        told = asked.validated_data
        return Wish(
            actor=self.actor,
            at=clock.now(),
            email_id=told.get("email"),
            message=told["message"],
        )


class DebtorSyncViewSet(Resource):
    """The reading of a debtor in the ERP."""

    about = (
        "Conferência dos contratos de um devedor no ERP, em segundo plano. Pedir de novo dentro "
        "de um minuto não consulta outra vez, a não ser com `force`."
    )
    model = Debtor
    serializer_class = DebtorSyncSerializer
    needs = {"sync": SEES, "ask_sync": SEES}

    @extend_schema(summary="Consultar a conferência", responses=DebtorSyncSerializer)
    @action(detail=True, url_path="sync")
    def sync(self, request: Request, pk: str) -> Response:
        """Tell how the reading stands."""
        debtor = self.get_object()
        return self._told(debtor, DebtorSync.objects.filter(debtor=debtor).first(), 200)

    @extend_schema(
        summary="Conferir no ERP",
        request=DebtorSyncIn,
        responses={200: DebtorSyncSerializer, 202: DebtorSyncSerializer},
    )
    @sync.mapping.post
    def ask_sync(self, request: Request, pk: str) -> Response:
        """Have the debtor read; 200 when no ERP is to be asked or it was just done."""
        debtor = self.get_object()
        asked = DebtorSyncIn(data=request.data)
        asked.is_valid(raise_exception=True)
        now = clock.now()
        row = open_debtor(debtor, now=now, is_wish=asked.validated_data["force"])
        return self._told(debtor, row, 202 if row and row.requested_at == now else 200)

    def _told(self, debtor: Debtor, row: DebtorSync | None, status: int) -> Response:
        shown = DebtorSyncSerializer(row).data if row else dict.fromkeys(self._names)
        return Response(
            {**shown, "debtor": debtor.pk, "changed": bool(row and row.changed)}, status
        )

    @property
    def _names(self) -> tuple[str, ...]:
        return DebtorSyncSerializer.Meta.fields


class SecondCopyViewSet(ErpResource):
    """Second copies of boletos."""

    about = "2ª via do boleto original de uma parcela, pedida ao ERP na hora."
    model = Installment
    serializer_class = SecondCopySerializer
    needs = {"second_copy": ISSUES, "second_copy_pdf": ISSUES, "mail_second_copy": SENDS}

    def rows(self) -> QuerySet[Installment]:
        """Return installments along with their contracts."""
        return Installment.objects.select_related("contract")

    @extend_schema(summary="Emitir a 2ª via", request=None, responses=SecondCopySerializer)
    @action(detail=True, methods=["post"], url_path="second-copy")
    def second_copy(self, request: Request, pk: str) -> Response:
        """Ask for the digitable line; the timeline tells it."""
        copy = issue_copy(self.get_object().pk, actor=self.actor, on=clock.today())
        return Response(SecondCopySerializer(_shown(copy)).data)

    @extend_schema(
        summary="Baixar o boleto em PDF", responses={(200, "application/pdf"): OpenApiTypes.BINARY}
    )
    @action(detail=True, url_path="second-copy/pdf")
    def second_copy_pdf(self, request: Request, pk: str) -> HttpResponse:
        """Answer with the boleto, fetched from the ERP now."""
        copy = open_copy(self.get_object().pk, actor=self.actor, on=clock.today())
        return HttpResponse(copy.pdf, content_type="application/pdf")

    @extend_schema(summary="Enviar a 2ª via por e-mail", request=MailIn, responses=MailedSerializer)
    @action(detail=True, methods=["post"], url_path="second-copy/mail")
    def mail_second_copy(self, request: Request, pk: str) -> Response:
        """Have the ERP send the boleto."""
        sent = mail_copy(self.get_object().pk, self.wish(), on=clock.today())
        return Response({"email": sent.email})


class PaperViewSet(ErpResource):
    """Statements by e-mail."""

    about = "Extrato e saldo devedor do cliente de um contrato, que o ERP envia por e-mail."
    model = Contract
    serializer_class = MailedSerializer
    needs = {"statement": SENDS, "debit_balance": SENDS}

    def rows(self) -> QuerySet[Contract]:
        """Return contracts along with whose they are."""
        return Contract.objects.select_related("creditor__agency", "debtor__agency")

    @extend_schema(
        summary="Enviar o extrato por e-mail", request=MailIn, responses=MailedSerializer
    )
    @action(detail=True, methods=["post"])
    def statement(self, request: Request, pk: str) -> Response:
        """Have the ERP send the statement."""
        return self._mailed(Paper.STATEMENT)

    @extend_schema(
        summary="Enviar o saldo devedor por e-mail", request=MailIn, responses=MailedSerializer
    )
    @action(detail=True, methods=["post"], url_path="debit-balance")
    def debit_balance(self, request: Request, pk: str) -> Response:
        """Have the ERP send the present debit balance."""
        return self._mailed(Paper.BALANCE)

    def _mailed(self, paper: Paper) -> Response:
        sent = mail_paper(self.get_object(), paper, self.wish())
        return Response({"email": sent.email})


def _shown(copy: IssuedCopy) -> dict[str, Any]:
    return {
        "line": copy.line,
        "shown_line": copy.shown_line,
        "amount": copy.slip.amount if copy.slip else None,
        "due_date": copy.due_date,
        "is_overdue": copy.is_overdue,
        "problem": copy.problem,
        "sms": copy.sms,
    }
