"""Addresses below /api/ that lead nowhere."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt

from cobranca.common.api.problems import CONTENT_TYPE, problem


class SameCallElsewhere(HttpResponseRedirect):
    """A redirect that keeps method and body (308)."""

    status_code = 308


@csrf_exempt
def unknown(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Send a call that forgot the last slash to where it belongs; the others get a problem.

    Django's own redirect would turn a POST into a GET.
    """
    if not request.path.endswith("/") and _leads_somewhere(f"{request.path}/"):
        return SameCallElsewhere(request.get_full_path(force_append_slash=True))
    detail = "Não há nada neste endereço: veja /api/v1/docs/."
    return JsonResponse(problem(404, detail), status=404, content_type=CONTENT_TYPE)


def _leads_somewhere(path: str) -> bool:
    try:
        return resolve(path).func is not unknown
    except Resolver404:
        return False
