"""Who may open a page: someone of an agency, with the permission that the page asks for."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url

from cobranca.accounts.models import Agency, User
from cobranca.accounts.roles import OUTSIDE
from cobranca.common.patience import answered

View = Callable[..., HttpResponse]
HOUSE_ONLY = (
    "Escritórios terceirizados veem só os devedores, o quadro e as metas das suas equipes. Isto é "
    "da assessoria toda e nada foi alterado: peça a quem supervisiona a carteira na assessoria."
)


def agency_page(*permissions: str) -> Callable[[View], View]:
    """Let in users of an agency who hold all `permissions`; send the others where they belong.

    Without a session: to sign-in, coming back here afterwards. Without an agency or a
    permission: 403, which says so, and why to people of external offices.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            if request.user.agency_id is None or not request.user.has_perms(permissions):
                raise PermissionDenied(_why(request, permissions))
            return answered(request, lambda: view(request, *args, **kwargs))

        return guarded

    return guard


def _why(request: HttpRequest, permissions: tuple[str, ...]) -> str:
    is_house_only = request.user.is_authenticated and request.user.is_outside
    return HOUSE_ONLY if is_house_only and not OUTSIDE.issuperset(permissions) else ""


def of_the_house(allows: Callable[[HttpRequest], bool]) -> Callable[[HttpRequest], bool]:
    """Say to people of external offices why the configuration is not for them."""

    def has_permission(request: HttpRequest) -> bool:
        if getattr(request.user, "is_outside", False):
            raise PermissionDenied(HOUSE_ONLY)
        return allows(request)

    return has_permission


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """Redirect to sign-in; a fragment takes the whole page there, not the form into itself."""
    sign_in = resolve_url(settings.LOGIN_URL)
    fragment = request.headers.get("HX-Request") == "true"
    back = request.headers.get("HX-Current-URL", "/") if fragment else request.get_full_path()
    if not fragment:
        return redirect(f"{sign_in}?{urlencode({'next': back})}")
    path = "/" + back.split("://", 1)[-1].partition("/")[2]
    response = HttpResponse(status=200)
    response["HX-Redirect"] = f"{sign_in}?{urlencode({'next': path})}"
    return response


def actor_of(request: HttpRequest) -> User:
    """Return who is signed in; pages behind `agency_page` know that somebody is."""
    return cast(User, request.user)


def agency_of(request: HttpRequest) -> Agency:
    """Return the agency of who is signed in."""
    agency = actor_of(request).agency
    if agency is None:
        raise PermissionDenied
    return agency
