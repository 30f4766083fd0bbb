"""Connections to the ERPs: how they were last seen, and trying one now."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cobranca.common.api.views import Reads
from integrations.core.api.serializers import CheckInput, ConnectionSerializer
from integrations.core.connection import check_connection
from integrations.core.models import ConnectionState


class ConnectionViewSet(Reads):
    """Connections of the agency, one per system."""

    about = "Conexões da assessoria com os ERPs, uma por sistema."
    model = ConnectionState
    serializer_class = ConnectionSerializer
    needs = {"create": ("integrations.change_connectionstate",)}
    # The ERP is never awaited within a transaction.
    posts_in_transaction = False

    @extend_schema(
        summary="Verificar agora", request=CheckInput, responses={200: ConnectionSerializer}
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Try every resource of a creditor's ERP now."""
        asked = CheckInput(data=request.data)
        asked.is_valid(raise_exception=True)
        state = check_connection(creditor=asked.validated_data["creditor"])
        return Response(self.shown(state.pk))
