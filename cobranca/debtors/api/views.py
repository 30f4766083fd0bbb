"""Debtors: who owes and how much, and what may be done with their data."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as rest
from rest_framework.request import Request
from rest_framework.response import Response

from cobranca.common import clock
from cobranca.common.api.filters import NumberFilter
from cobranca.common.api.views import Reads
from cobranca.common.documents import clean_document
from cobranca.debtors.api.privacy import MAKES_REQUESTS, MERGES, REVEALS, SubjectActions
from cobranca.debtors.api.serializers import DebtorDetailSerializer, DebtorSerializer
from cobranca.debtors.models import Debtor
from cobranca.debtors.reading import API, note_reading
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


class DebtorViewSet(SubjectActions, Reads):
    """Debtors, with what they owe."""

    about = "Devedores, com o que devem."
    model = Debtor
    serializer_class = DebtorSerializer
    detail_serializer_class = DebtorDetailSerializer
    filterset_class = DebtorFilter
    needs = {
        "export": MAKES_REQUESTS,
        "anonymise": MAKES_REQUESTS,
        "merge": MERGES,
        "reveal": REVEALS,
    }

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer one debtor; that somebody read it is written down."""
        debtor = self.get_object()
        note_reading(debtor.pk, self.actor, API, clock.now())
        return Response(self.get_serializer(debtor).data)

    def rows(self) -> QuerySet[Any]:
        """Return debtors along with their summary."""
        found = Debtor.objects.select_related("summary").defer("summary__search")
        if self.action == "list":
            # Whoever was merged into another is only found by key.
            return found.defer("details", "summary__search").filter(merged_into=None)
        return found.prefetch_related("references", "related_people")
