"""The agenda: callbacks and promises that fall due, and what may be done about each."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from cobranca.accounts.access import actor_of, agency_page
from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.debtors.models import DebtorSummary
from cobranca.dunning.agenda import callbacks_due, dealings_of, promises_due
from cobranca.dunning.models import Callback, Promise
from cobranca.dunning.services import (
    cancel_callback,
    cancel_promise,
    finish_callback,
    reschedule_callback,
)
from cobranca.telecobranca.distribution import of_hands_of
from cobranca.telecobranca.record_forms import CancelPromiseForm, WhenForm
from cobranca.telecobranca.record_views import colleagues_of
from cobranca.telecobranca.selectors import debtor_or_404, found_or_404

SEES = ("dunning.view_callback", "dunning.view_promise", "debtors.view_debtor")
CALLBACKS = ("debtors.view_debtor", "dunning.change_callback")
PROMISES = ("debtors.view_debtor", "dunning.change_promise")
ALL, MINE = "todos", "meus"


@require_GET
@agency_page(*SEES)
def agenda(request: HttpRequest) -> HttpResponse:
    """Show what falls due: one's own, or everybody's to who supervises."""
    actor = actor_of(request)
    may_see_all = actor.has_perm("accounts.view_board")
    whose = request.GET.get("de", ALL if may_see_all else MINE)
    is_all = may_see_all and whose == ALL
    of = None if is_all else actor
    now = clock.now()
    context: dict[str, Any] = {"may_see_all": may_see_all, "is_all": is_all, "now": now}
    free = of_hands_of(actor)
    if "retornos" in request.GET:
        context["callbacks"] = callbacks_due(of, now, request.GET["retornos"], free)
        return render(request, "telecobranca/agenda/_callbacks.html", context)
    on = clock.office_date(now)
    if "promessas" in request.GET:
        context["promises"] = promises_due(of, on, request.GET["promessas"])
        return render(request, "telecobranca/agenda/_promises.html", context)
    context |= {"callbacks": callbacks_due(of, now, free=free), "promises": promises_due(of, on)}
    is_part = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    name = "_lists" if is_part else "page"
    return render(request, f"telecobranca/agenda/{name}.html", context)


@require_GET
@agency_page(*SEES, "dunning.view_contactrecord")
def of_debtor(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Show a debtor's promises, callbacks and latest contacts."""
    debtor = debtor_or_404(debtor_id)
    summary = DebtorSummary.objects.filter(debtor=debtor).first()
    context = {
        "debtor": debtor,
        "dealings": dealings_of(debtor),
        "summary": summary,
        "now": clock.now(),
    }
    return render(request, "telecobranca/desk/dealings.html", context)


@require_POST
@agency_page(*CALLBACKS)
def finish(request: HttpRequest, callback_id: int) -> HttpResponse:
    """Say that a callback was done."""
    callback = _callback(callback_id)
    return _did(lambda: finish_callback(**_by(request, callback)), "Retorno feito.")


@require_POST
@agency_page(*CALLBACKS)
def cancel(request: HttpRequest, callback_id: int) -> HttpResponse:
    """Call a callback off."""
    callback = _callback(callback_id)
    return _did(lambda: cancel_callback(**_by(request, callback)), "Retorno cancelado.")


@require_http_methods(["GET", "POST"])
@agency_page(*CALLBACKS)
def reschedule(request: HttpRequest, callback_id: int) -> HttpResponse:
    """Offer, then take, another time for a callback."""
    callback = _callback(callback_id)
    at = clock.office_time(callback.at)
    initial = {"callback_on": at.date(), "callback_time": at.time()}
    people = colleagues_of(actor_of(request))
    form = WhenForm(request.POST or None, initial=initial, colleagues=people)
    form.fields["callback_on"].widget.attrs["autofocus"] = True
    if request.method == "POST" and form.is_valid():
        if form.wanted_at is None:
            form.add_error("callback_on", "Informe quando retornar.")
        else:
            try:
                reschedule_callback(
                    **_by(request, callback), to=form.wanted_at, assigned_to=form.collector
                )
            except DomainError as error:
                form.put(error)
            else:
                return _done("Retorno reagendado.")
    context = {"callback": callback, "form": form}
    return render(request, "telecobranca/agenda/reschedule.html", context)


@require_http_methods(["GET", "POST"])
@agency_page(*PROMISES)
def cancel_one(request: HttpRequest, promise_id: int) -> HttpResponse:
    """Ask why, then call a promise off."""
    promise = found_or_404(Promise.objects.select_related("debtor"), promise_id)
    form = CancelPromiseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        given = {"promise_id": promise.pk, "actor": actor_of(request), "on": clock.today()}
        try:
            cancel_promise(**given, reason=reason)
        except DomainError as error:
            form.add_error("reason", error.message)
        else:
            return _done("Promessa cancelada.")
    context = {"promise": promise, "form": form}
    return render(request, "telecobranca/agenda/cancel_promise.html", context)


def _callback(callback_id: int) -> Callback:
    found: Callback = found_or_404(Callback.objects.select_related("debtor"), callback_id)
    return found


def _by(request: HttpRequest, callback: Callback) -> dict[str, Any]:
    return {"callback_id": callback.pk, "actor": actor_of(request), "at": clock.now()}


def _did(act: Any, said: str) -> HttpResponse:
    try:
        act()
    except DomainError as error:
        return _done(error.message, "warn")
    return _done(said)


def _done(said: str, kind: str = "ok") -> HttpResponse:
    """Say what was done; whatever shows it asks again."""
    response = HttpResponse(status=200)
    response["HX-Reswap"] = "none"
    trigger_client_event(response, "agenda-changed", {})
    trigger_client_event(response, "timeline-changed", {})
    return trigger_client_event(response, "toast", {"text": said, "kind": kind})
