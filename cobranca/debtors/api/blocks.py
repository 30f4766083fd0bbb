"""Blocks of contact: listed, added, lifted."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as rest
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cobranca.common import clock
from cobranca.common.api.filters import AnyOfFilter, NumberFilter, TrueFalseFilter
from cobranca.common.api.pagination import NewestFirst
from cobranca.common.api.serializers import Fields, Row
from cobranca.common.api.views import Creates, Reads
from cobranca.debtors.blocks import LONGEST_REASON, BlockWanted, add_block, lift_block
from cobranca.debtors.models import BlockScope, ContactBlock


class BlockSerializer(Row):
    class Meta:
        model = ContactBlock
        fields = (
            "id", "debtor", "scope", "phone", "source", "reason", "starts_on", "ends_on",
            "created_by", "lifted_at", "lifted_by", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = ("created_by", "lifted_at", "lifted_by")
        extra_kwargs = {
            "phone": {"help_text": "Somente este número; vazio são todos."},
            "starts_on": {
                "required": False,
                "help_text": "Vazio: hoje; do cadastro Não Me Ligue, em 30 dias.",
            },
            "ends_on": {"help_text": "Último dia; vazio é sem data para acabar."},
        }


class LiftIn(Fields):
    reason = serializers.CharField(max_length=LONGEST_REASON, help_text="Por quê.")


class BlockFilter(rest.FilterSet):
    debtor = NumberFilter(field_name="debtor_id")
    scope = AnyOfFilter(choices=BlockScope.choices)
    is_lifted = TrueFalseFilter(
        field_name="lifted_at", lookup_expr="isnull", exclude=True, label="Só os retirados, ou não."
    )


class BlockViewSet(Reads, Creates):
    """What debtors must not be contacted by."""

    about = "Bloqueios de contato dos devedores. Não se alteram: retira-se um e inclui-se outro."
    model = ContactBlock
    serializer_class = BlockSerializer
    filterset_class = BlockFilter
    pagination_class = NewestFirst
    needs = {"lift": ("debtors.change_contactblock",)}

    def rows(self) -> QuerySet[Any]:
        """Return blocks along with whose they are."""
        return ContactBlock.objects.select_related("debtor__agency", "phone")

    def create_row(self, values: dict[str, Any]) -> ContactBlock:
        """Close a channel."""
        debtor = values.pop("debtor")
        return add_block(
            debtor_id=debtor.pk,
            wanted=BlockWanted(**values),
            actor=self.actor,
            on=clock.today(),
        )

    @extend_schema(summary="Retirar", request=LiftIn, responses=BlockSerializer)
    @action(detail=True, methods=["post"])
    def lift(self, request: Request, pk: str) -> Response:
        """Take a block away, saying why."""
        block, told = self.get_object(), LiftIn(data=request.data)
        told.is_valid(raise_exception=True)
        block = lift_block(
            block=block,
            actor=self.actor,
            at=clock.now(),
            reason=told.validated_data["reason"],
        )
        return Response(self.shown(block.pk))
