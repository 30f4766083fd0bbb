"""Agreements: made from a calculation, then moved only by the actions that exist."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django_filters import rest_framework as rest
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cobranca.agreements import selectors, services
from cobranca.agreements.api.serializers import (
    AgreementDetailSerializer,
    AgreementIn,
    AgreementReasonIn,
    AgreementReceiptIn,
    AgreementReversalIn,
    AgreementSerializer,
)
from cobranca.agreements.calculating import calculate_agreement
from cobranca.agreements.models import Agreement, AgreementPayment
from cobranca.agreements.services import Receipt
from cobranca.agreements.states import AgreementStatus, Mode, WaitsFor
from cobranca.campaigns.api.calculation_fields import asked_from, wire_names
from cobranca.campaigns.states import PlanKind
from cobranca.common import clock
from cobranca.common.api.filters import (
    AnyOfFilter,
    DateFilter,
    NumberFilter,
    TrueFalseFilter,
)
from cobranca.common.api.pagination import NewestFirst
from cobranca.common.api.serializers import Fields
from cobranca.common.api.views import Reads

CHANGE = ("agreements.change_agreement",)
APPROVE = ("agreements.approve_agreement",)
# Actions that may have to wait for the ERP: not within a transaction.
TALKING = {"approve", "integrate"}


class AgreementFilter(rest.FilterSet):
    debtor = NumberFilter(field_name="debtor_id")
    creditor = NumberFilter(field_name="creditor_id")
    contract = NumberFilter(field_name="items__contract_id", distinct=True)
    number = NumberFilter()
    status = AnyOfFilter(choices=AgreementStatus.choices)
    waits_for = AnyOfFilter(choices=WaitsFor.choices)
    plan = AnyOfFilter(choices=PlanKind.choices)
    is_integrated = TrueFalseFilter()
    on_from = DateFilter(field_name="on", lookup_expr="gte")
    on_to = DateFilter(field_name="on", lookup_expr="lte")
    next_due_to = DateFilter(field_name="next_due", lookup_expr="lte")


def moves(
    summary: str, request: type[Fields] | None = None, name: str | None = None
) -> Callable[[Any], Any]:
    """Declare a POST below one agreement that answers the agreement as it then is."""

    def declare(method: Any) -> Any:
        described = extend_schema(
            summary=summary, request=request, responses={200: AgreementDetailSerializer}
        )
        return described(action(detail=True, methods=["post"], url_path=name)(method))

    return declare


class AgreementViewSet(Reads):
    """Agreements."""

    about = (
        "Acordos: um cálculo salvo como proposta ou como acordo, e as ações que o movem. "
        "Acima da alçada de quem faz, o acordo espera aprovação."
    )
    model = Agreement
    serializer_class = AgreementSerializer
    detail_serializer_class = AgreementDetailSerializer
    filterset_class = AgreementFilter
    pagination_class = NewestFirst
    needs = {
        "activate": CHANGE,
        "approve": APPROVE,
        "refuse": APPROVE,
        "cancel": CHANGE,
        "breach": CHANGE,
        "integrate": CHANGE,
        "settle": ("agreements.add_agreementpayment",),
        "reverse": ("agreements.change_agreementpayment",),
    }

    @property
    def posts_in_transaction(self) -> bool:  # type: ignore[override]
        """Tell whether nothing outside is asked."""
        data = self.request.data if isinstance(self.request.data, dict) else {}
        is_integrated = self.action == "create" and data.get("mode") == Mode.INTEGRATED
        return not is_integrated and self.action not in TALKING

    def rows(self) -> QuerySet[Agreement]:
        """Return agreements with their money; one alone with all its parts."""
        found = selectors.listed()
        if self.action == "list":
            return found
        payments = AgreementPayment.objects.select_related("agreement", "parcel")
        return selectors.with_parts(found).prefetch_related(Prefetch("payments", payments))

    @extend_schema(
        summary="Fazer um acordo",
        request=AgreementIn,
        responses={201: AgreementDetailSerializer},
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make an agreement of a calculation."""
        told = _told(AgreementIn, request)
        with wire_names():
            made = services.make_agreement(
                calculate_agreement(told["debtor"].pk, asked_from(told, on=clock.today())),
                actor=self.actor,
                on=clock.today(),
                mode=told["mode"],
                description=told["description"],
                template=told["template"],
            )
        return Response(self.shown(made.pk), status=201)

    @moves("Efetivar a proposta")
    def activate(self, request: Request, pk: str) -> Response:
        """Put a proposal in force, or make it wait for approval."""
        return self._moved(services.submit_agreement)

    @moves("Aprovar")
    def approve(self, request: Request, pk: str) -> Response:
        """Approve an agreement that waits, or a proposal."""
        return self._moved(services.approve_agreement)

    @moves("Recusar", AgreementReasonIn)
    def refuse(self, request: Request, pk: str) -> Response:
        """Refuse an agreement that waits for approval."""
        return self._moved(services.refuse_agreement, AgreementReasonIn)

    @moves("Cancelar", AgreementReasonIn)
    def cancel(self, request: Request, pk: str) -> Response:
        """Call off an agreement of which nothing was paid."""
        return self._moved(services.cancel_agreement, AgreementReasonIn)

    @moves("Quebrar", AgreementReasonIn)
    def breach(self, request: Request, pk: str) -> Response:
        """Break an agreement that is not integrated."""
        return self._moved(services.break_agreement, AgreementReasonIn)

    @moves("Integrar ao ERP")
    def integrate(self, request: Request, pk: str) -> Response:
        """Write an agreement into the creditor's ERP."""
        return self._moved(services.integrate_agreement)

    @moves("Baixar pagamento", AgreementReceiptIn)
    def settle(self, request: Request, pk: str) -> Response:
        """Record money received for an agreement."""
        return self._moved(_pay, AgreementReceiptIn)

    @moves("Estornar pagamento", AgreementReversalIn)
    def reverse(self, request: Request, pk: str) -> Response:
        """Undo a payment."""
        return self._moved(_reverse, AgreementReversalIn)

    def _moved(self, service: Callable[..., Any], body: type[Fields] | None = None) -> Response:
        # The row first: to a stranger it does not exist, whatever the body.
        agreement = self.get_object()
        told = _told(body, self.request) if body else {}
        service(agreement_id=agreement.pk, actor=self.actor, on=clock.today(), **told)
        return Response(self.shown(agreement.pk))


def _pay(
    *, agreement_id: int, actor: Any, on: date, parcel: int | None = None, **told: Any
) -> None:
    receipt = Receipt(**{"paid_on": on, "parcel_id": parcel, **told})
    services.pay_agreement(agreement_id=agreement_id, receipt=receipt, actor=actor, on=on)


def _reverse(
    *, agreement_id: int, actor: Any, on: date, reason: str, payment: int | None = None
) -> None:
    payment_id = selectors.payment_to_reverse(agreement_id, payment)
    services.reverse_payment(payment_id=payment_id, actor=actor, on=on, reason=reason)


def _told(serializer_class: type[Fields], request: Request) -> dict[str, Any]:
    serializer = serializer_class(data=request.data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
