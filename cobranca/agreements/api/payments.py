"""What was received for agreements."""

from django.db.models import QuerySet
from django_filters import rest_framework as rest

from cobranca.agreements.api.serializers import AgreementPaymentSerializer
from cobranca.agreements.models import AgreementPayment
from cobranca.common.api.filters import DateFilter, NumberFilter, TrueFalseFilter
from cobranca.common.api.pagination import NewestFirst
from cobranca.common.api.views import Reads


class AgreementPaymentFilter(rest.FilterSet):
    agreement = NumberFilter(field_name="agreement_id")
    debtor = NumberFilter(field_name="agreement__debtor_id")
    creditor = NumberFilter(field_name="agreement__creditor_id")
    paid_on_from = DateFilter(field_name="paid_on", lookup_expr="gte")
    paid_on_to = DateFilter(field_name="paid_on", lookup_expr="lte")
    is_reversed = TrueFalseFilter(field_name="reversed_on", lookup_expr="isnull", exclude=True)


class AgreementPaymentViewSet(Reads):
    """Receipts for agreements, newest first; made by the actions of `agreements`."""

    about = "Pagamentos de acordos, do mais novo ao mais antigo; o estornado continua na lista."
    model = AgreementPayment
    serializer_class = AgreementPaymentSerializer
    filterset_class = AgreementPaymentFilter
    pagination_class = NewestFirst

    def rows(self) -> QuerySet[AgreementPayment]:
        """Return receipts along with their agreements and parcels."""
        return AgreementPayment.objects.select_related("agreement", "parcel")
