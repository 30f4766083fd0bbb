"""The calculation screen: it opens with what is here, and answers every change of what is typed."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from cobranca.accounts.access import actor_of, agency_page
from cobranca.accounts.models import User
from cobranca.agreements.models import Agreement
from cobranca.agreements.services import make_agreement
from cobranca.agreements.states import AgreementStatus, Mode, WaitsFor
from cobranca.campaigns.choosing import campaign_choices
from cobranca.campaigns.erp_balances import ask_erp, contracts_to_ask
from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.debtors.models import Debtor
from cobranca.telecobranca.calculation_forms import CalculationForm, starting_values
from cobranca.telecobranca.calculation_screen import GENERAL, Screen, screen_of
from cobranca.telecobranca.selectors import debtor_or_404
from cobranca.telecobranca.statements import explained, statement_page

SEES = ("debtors.view_debtor", "contracts.view_installment")
SAVES, PAYS = "agreements.add_agreement", "agreements.add_agreementpayment"
SENDS = ("contracts.add_event", "debtors.view_emailaddress")
# The buttons of the screen. A boleto is the ERP's own: the agreement only controls when it is paid.
BOLETO = "boleto"
MODES = {
    "active": Mode.ACTIVE,
    "proposal": Mode.PROPOSAL,
    BOLETO: Mode.ACTIVE,
    "payment": Mode.PAYMENT,
    "integrated": Mode.INTEGRATED,
}


@require_GET
@agency_page(*SEES)
def page(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Show the calculation of what is late, or of what the address says.

    Asked by the debtor's page it opens there, below what is owed.
    """
    debtor = debtor_or_404(debtor_id)
    screen = _opened(request, debtor)
    to_ask = contracts_to_ask(debtor.pk, screen.on, now=clock.now())
    context = _shown(request, screen) | {"asking": bool(to_ask), "whole": True}
    if request.htmx and "painel" in request.GET:  # type: ignore[attr-defined]
        context["in_place"] = True
        return render(request, "telecobranca/calculation/panel.html", context)
    return render(request, "telecobranca/calculation/page.html", context)


@require_POST
@agency_page(*SEES)
def answer(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Calculate again; the screen puts each part of the answer in its place."""
    debtor = debtor_or_404(debtor_id)
    screen = screen_of(debtor, request.POST, today=clock.today())
    context = _shown(request, screen)
    if screen.is_ok and request.POST.get("erp_asked") != screen.on.isoformat():
        # Another day: what the ERP said of the last one is of no use.
        to_ask = contracts_to_ask(debtor.pk, screen.on, now=clock.now())
        context |= {"age_changed": True, "asking": bool(to_ask)}
    return render(request, "telecobranca/calculation/_answer.html", context)


@require_POST
@agency_page(*SEES)
def erp(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Ask the ERP what is owed on the day; the screen then calculates again."""
    debtor = debtor_or_404(debtor_id)
    form = CalculationForm(request.POST)
    form.is_valid()
    on = form.cleaned_data.get("on") or clock.today()
    told = ask_erp(contracts_to_ask(debtor.pk, on, now=clock.now()), on, now=clock.now())
    screen = screen_of(debtor, request.POST, today=clock.today())
    context = {"screen": screen, "problems": [each for each in told if each.problem]}
    response = render(request, "telecobranca/calculation/_erp.html", context)
    return trigger_client_event(response, "erp-answered", {}, after="swap")


@require_POST
@agency_page(*SEES)
def explain(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Show how one figure of the screen came about."""
    debtor = debtor_or_404(debtor_id)
    screen = screen_of(debtor, request.POST, today=clock.today())
    row, figure = request.POST.get("row", ""), request.POST.get("figure", "")
    context = {"screen": screen, "part": explained(screen, row, figure)}
    return render(request, "telecobranca/calculation/_explained.html", context)


@require_POST
@agency_page(*SEES)
def why_campaign(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Show which campaign prices each contract on the screen's day, and why not another."""
    debtor = debtor_or_404(debtor_id)
    screen = screen_of(debtor, request.POST, today=clock.today())
    context = {"on": screen.on, "choices": campaign_choices(screen.contracts, screen.on)}
    return render(request, "telecobranca/calculation/_campaigns.html", context)


@require_GET
@agency_page(*SEES)
def statement(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Show the whole memória de cálculo of what the address says."""
    debtor = debtor_or_404(debtor_id)
    screen = _opened(request, debtor)
    if screen.calculation is None:
        status = 400 if request.GET.get("formato") == "json" else 200
        if status == 200:
            return render(request, "telecobranca/calculation/statement.html", {"screen": screen})
        return JsonResponse({"errors": screen.errors}, status=status)
    made = screen.calculation.statement.to_json()
    query = request.GET.copy()
    query.pop("formato", None)
    back = f"{reverse('telecobranca:calculation', args=[debtor.pk])}?{query.urlencode()}"
    pdf = f"{reverse('telecobranca:statement_pdf', args=[debtor.pk])}?{query.urlencode()}"
    send = reverse("telecobranca:send_debt_statement", args=[debtor.pk])
    context = {
        "send": f"{send}?{query.urlencode()}&documento=memoria",
        "may_send": actor_of(request).has_perms(SENDS),
        "debtor": debtor,
        "screen": screen,
        "on": screen.on,
        "pdf": pdf,
        "back": back,
        "back_label": "Cálculo",
    }
    return statement_page(request, made, f"memoria-{screen.on:%Y-%m-%d}", context)


def _opened(request: HttpRequest, debtor: Debtor) -> Screen:
    today = clock.today()
    data = starting_values(today) | request.GET.dict()
    return screen_of(debtor, data, today=today, is_first=True)


def _shown(request: HttpRequest, screen: Screen) -> dict[str, Any]:
    actor = actor_of(request)
    return {
        "screen": screen,
        "debtor": screen.debtor,
        "form": screen.form,
        "waits": screen.why_wait(actor),
        "may_save": actor.has_perm(SAVES),
        "may_pay": actor.has_perm(PAYS),
        "may_send": actor.has_perms(SENDS),
    }


@require_POST
@agency_page(*SEES, SAVES)
def save(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Make an agreement of what is on the screen; what keeps it from being made stays there."""
    debtor = debtor_or_404(debtor_id)
    screen = screen_of(debtor, request.POST, today=clock.today())
    button = request.POST.get("mode", "")
    try:
        made = _made(screen, button, request.POST.get("seen_total", ""), actor_of(request))
    except DomainError as error:
        known = error.field in screen.form.fields
        screen.errors = {error.field if known else GENERAL: error.message}
        screen.calculation = None
    if screen.errors:
        return render(request, "telecobranca/calculation/_answer.html", _shown(request, screen))
    told = _told(made, button)
    if request.POST.get("in_place"):
        return _saved_in_place(told)
    messages.success(request, told)
    return HttpResponseClientRedirect(reverse("telecobranca:agreement", args=[made.pk]))


def _saved_in_place(told: str) -> HttpResponse:
    """Have the debtor's page put the panel away and show what changed."""
    response = HttpResponse(status=200)
    trigger_client_event(response, "timeline-changed", {})
    trigger_client_event(response, "toast", {"text": told})
    # Last: it takes away the button that the others are told at.
    return trigger_client_event(response, "agreement-saved", {})


def _made(screen: Screen, button: str, seen: str, actor: User) -> Any:
    if screen.calculation is None:
        return None
    if button not in MODES or (button == "payment" and not actor.has_perm(PAYS)):
        raise DomainError("Seu usuário não tem permissão para salvar desta forma.")
    if screen.seen_total != seen:
        raise DomainError("Os valores mudaram enquanto você via a tela: confira e salve de novo.")
    return make_agreement(
        screen.calculation,
        actor=actor,
        on=clock.today(),
        mode=MODES[button],
        description=screen.form.cleaned_data["description"],
    )


SAVED_AS: dict[str, str] = {
    AgreementStatus.PROPOSAL: (
        "Proposta {made.number} salva. As parcelas seguem em cobrança até ela ser aceita."
    ),
    AgreementStatus.SETTLED: "{made} salvo e quitado.",
    AgreementStatus.CANCELLED: "{made} cancelado enquanto o ERP era consultado. {made.reason}",
}


def _told(made: Agreement, button: str) -> str:
    if made.waits_for == WaitsFor.APPROVAL:
        return f"{made} salvo. {made.reason} Ele aguarda a aprovação de um supervisor."
    if made.waits_for == WaitsFor.ERP:
        return f"{made} salvo, à espera do ERP: {made.reason} Ele é enviado de novo sozinho."
    if made.status in SAVED_AS:
        return SAVED_AS[made.status].format(made=made)
    if button == BOLETO:
        return f"{made} salvo. Os boletos das parcelas originais estão abaixo."
    return f"{made} salvo e vigente."
