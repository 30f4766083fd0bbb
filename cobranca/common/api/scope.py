"""Every query of a REST call within its caller's agency."""

from contextlib import ExitStack
from typing import Any

from django_scopes import scope
from rest_framework.request import Request
from rest_framework.views import APIView

from cobranca.common.viewer import Viewer, viewing


class AgencyScopeMixin(APIView):
    """A view whose queries are all scoped to the caller's agency, and which masks for them."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Keep the scope that `initial` opens until the answer is rendered."""
        with ExitStack() as self._scope:
            response = super().dispatch(request, *args, **kwargs)
            if hasattr(response, "render"):
                response.render()
            return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Open the agency's scope as soon as the caller is known."""
        self.perform_authentication(request)
        if getattr(request.user, "agency_id", None) is not None:
            self._scope.enter_context(scope(agency=request.user.agency))
            self._scope.enter_context(viewing(Viewer(request.user)))
        super().initial(request, *args, **kwargs)
