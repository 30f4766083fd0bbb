"""What was paid, what went back to the creditor, and for what there is a boleto."""

from django.db.models import QuerySet
from django_filters import rest_framework as rest

from cobranca.common.api.filters import DateFilter, NumberFilter
from cobranca.common.api.views import Reads
from cobranca.contracts.api.serializers import (
    BoletoSerializer,
    PaymentSerializer,
    RecallSerializer,
)
from cobranca.contracts.models import Installment, Payment, Recall


class OfContractFilter(rest.FilterSet):
    contract = NumberFilter(field_name="contract_id")
    creditor = NumberFilter(field_name="contract__creditor_id")
    debtor = NumberFilter(field_name="contract__debtor_id")
    number = NumberFilter(label="Número da parcela.")


class PaymentFilter(OfContractFilter):
    paid_on_from = DateFilter(field_name="paid_on", lookup_expr="gte")
    paid_on_to = DateFilter(field_name="paid_on", lookup_expr="lte")


class PaymentViewSet(Reads):
    """Receipts that the ERP reported."""

    about = "Recebimentos que o ERP informou."
    model = Payment
    serializer_class = PaymentSerializer
    filterset_class = PaymentFilter

    def rows(self) -> QuerySet[Payment]:
        """Return receipts along with their contracts."""
        return Payment.objects.select_related("contract")


class RecallFilter(OfContractFilter):
    reason = rest.CharFilter()


class RecallViewSet(Reads):
    """Installments that went back to the creditor."""

    about = "Devoluções: parcelas que voltaram ao credor, e por quê."
    model = Recall
    serializer_class = RecallSerializer
    filterset_class = RecallFilter

    def rows(self) -> QuerySet[Recall]:
        """Return recalls along with their contracts."""
        return Recall.objects.select_related("contract")


class BoletoViewSet(Reads):
    """Installments for which the ERP has a boleto."""

    about = "Parcelas com boleto disponível no ERP."
    model = Installment
    serializer_class = BoletoSerializer
    filterset_class = OfContractFilter

    def rows(self) -> QuerySet[Installment]:
        """Return installments that have a boleto along with their contracts."""
        return Installment.objects.filter(has_boleto=True).select_related("contract")
