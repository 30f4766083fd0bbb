"""Equipe › Distribuição: who works whom, shown before it is done, and taken back if need be."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cobranca.accounts.access import actor_of, agency_of, agency_page
from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.telecobranca.distribution import (
    HISTORY,
    Preview,
    distributions,
    latest_undoable,
    preview,
)
from cobranca.telecobranca.models import Distribution
from cobranca.telecobranca.services.distributing import distribute, undo_distribution
from cobranca.telecobranca.team_forms import DistributionForm

CHANGE = "telecobranca.change_contractassignment"
APPLY = "aplicar"


@require_http_methods(["GET", "POST"])
@agency_page("telecobranca.view_contractassignment")
def distribution(request: HttpRequest) -> HttpResponse:
    """Ask whom to give to whom, show what that would do, do it."""
    if request.method == "POST" and not request.user.has_perm(CHANGE):
        raise PermissionDenied
    form = DistributionForm(request.POST or None, agency_of(request))
    seen, refused = None, ""
    if request.method == "POST" and form.is_valid():
        if request.POST.get("acao") == APPLY:
            try:
                made = _apply(request, form)
            except DomainError as error:
                refused = error.message
            else:
                messages.success(request, _done(made))
                return redirect("telecobranca:distribution")
        seen = preview(agency_of(request).pk, form.plan, clock.today())
    return _page(request, form, seen, refused)


def _apply(request: HttpRequest, form: DistributionForm) -> Distribution:
    return distribute(
        agency=agency_of(request),
        plan=form.plan,
        digest=form.cleaned_data["digest"],
        actor=actor_of(request),
        on=clock.today(),
        at=clock.now(),
    )


def _done(made: Distribution) -> str:
    people = "1 devedor" if made.debtor_count == 1 else f"{made.debtor_count} devedores"
    many = made.contract_count != 1
    moved = f"{made.contract_count} contratos mudaram" if many else "1 contrato mudou"
    return f"Distribuição aplicada a {people}: {moved} de mãos. Pode ser desfeita abaixo."


def _undone(made: Distribution) -> str:
    back, left = made.restored, made.contract_count - made.restored
    said = "1 contrato voltou" if back == 1 else f"{back} contratos voltaram"
    kept = f" Os demais ({left}) mudaram depois e ficaram como estão." if left else ""
    return f"Distribuição desfeita: {said}.{kept}"


def _page(
    request: HttpRequest, form: DistributionForm, seen: Preview | None, refused: str
) -> HttpResponse:
    context = {
        "form": form,
        "seen": seen,
        "refused": refused,
        "history": distributions()[:HISTORY],
        "undoable": latest_undoable(),
        "may_change": request.user.has_perm(CHANGE),
    }
    return render(request, "telecobranca/teams/distribution.html", context)


@require_POST
@agency_page("telecobranca.view_contractassignment", CHANGE)
def undo(request: HttpRequest, distribution_id: int) -> HttpResponse:
    """Take back the last distribution."""
    found = get_object_or_404(Distribution, pk=distribution_id)
    try:
        undone = undo_distribution(
            distribution_id=found.pk, actor=actor_of(request), at=clock.now()
        )
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _undone(undone))
    return redirect("telecobranca:distribution")
