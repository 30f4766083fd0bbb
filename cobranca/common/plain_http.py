"""Programs that forget the s of https are refused, not redirected: their token was in the clear,
and a redirect would let nobody notice."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from cobranca.common.api.problems import CONTENT_TYPE, problem

FOR_PROGRAMS = "/api/"


class PlainHttpMiddleware:
    """Refuse the API over plain HTTP wherever pages are redirected to https."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 403, or go on."""
        is_plain = settings.SECURE_SSL_REDIRECT and not request.is_secure()
        if is_plain and request.path_info.startswith(FOR_PROGRAMS):
            told = problem(403, "Use https: troque o token, que passou às claras.")
            return JsonResponse(told, status=403, content_type=CONTENT_TYPE)
        return self.get_response(request)
