"""Debtors, read: who owes and how much."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as rest

from cobranca.common.api.filters import NumberFilter
from cobranca.common.api.views import Reads
from cobranca.common.documents import clean_document
from cobranca.debtors.api.serializers import DebtorDetailSerializer, DebtorSerializer
from cobranca.debtors.models import Debtor
from cobranca.debtors.search import prefix_query


class DebtorFilter(rest.FilterSet):
    document = rest.CharFilter(method="by_document", label="CPF ou CNPJ, com ou sem pontuação.")
    q = rest.CharFilter(
        method="by_words",
        label="Pesquisa por nome, CPF/CNPJ, contrato, telefone, e-mail ou unidade.",
    )
    contract = NumberFilter(field_name="contracts__pk")

    def by_document(self, rows: QuerySet[Debtor], _: str, told: str) -> QuerySet[Debtor]:
        """Narrow to the debtor of a document."""
        return rows.filter(document=clean_document(told) or "-")

    def by_words(self, rows: QuerySet[Debtor], _: str, told: str) -> QuerySet[Debtor]:
        """Narrow to debtors who have everything typed, as the collectors' search does."""
        query = prefix_query(told)
        return rows.filter(summary__search=query) if query is not None else rows.none()


class DebtorViewSet(Reads):
    """Debtors, with what they owe."""

    about = "Devedores, com o que devem."
    model = Debtor
    serializer_class = DebtorSerializer
    detail_serializer_class = DebtorDetailSerializer
    filterset_class = DebtorFilter

    def rows(self) -> QuerySet[Any]:
        """Return debtors along with their summary."""
        found = Debtor.objects.select_related("summary").defer("summary__search")
        if self.action == "list":
            return found.defer("details", "summary__search")
        return found.prefetch_related("references", "related_people")
