"""Agreements: the list, a debtor's, one with all its parts, and what may be done to it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from cobranca.accounts.access import actor_of, agency_of, agency_page
from cobranca.agreements import services
from cobranca.agreements.keys import key_of
from cobranca.agreements.models import (
    Agreement,
    AgreementInstallment,
    AgreementItem,
    AgreementPayment,
)
from cobranca.agreements.selectors import agreements_of
from cobranca.agreements.states import AgreementStatus, WaitsFor
from cobranca.agreements.wording import installments_text, values_text
from cobranca.audit.models import AuditEntry
from cobranca.audit.selectors import change_lines, history_of
from cobranca.calc.words import reais
from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.contracts.erp_steps import steps_of
from cobranca.telecobranca.agreement_forms import PaymentForm, ReasonForm
from cobranca.telecobranca.agreement_lists import agreements_page, filters_for
from cobranca.telecobranca.agreement_moves import (
    MAY_PAY,
    MAY_REVERSE,
    MOVES,
    Move,
    may_pay,
    may_reverse,
    moves_for,
    paid_of,
)
from cobranca.telecobranca.selectors import agreement_or_404, debtor_or_404, found_or_404
from cobranca.telecobranca.statements import statement_page

SEES = "agreements.view_agreement"
SENDS = ("agreements.view_agreementpayment", "contracts.add_event", "debtors.view_emailaddress")
MOST_NEWS = 100
PAYS_IN_ORDER = "As parcelas originais são quitadas em ordem, à medida que o dinheiro as cobre."


@require_GET
@agency_page(SEES)
def agreements(request: HttpRequest) -> HttpResponse:
    """Show the agency's agreements; asked by htmx, answer only the lines."""
    actor = actor_of(request)
    filters = filters_for(actor)
    told = request.GET.get("filtro", "")
    wanted = told if told in filters else ""
    page = agreements_page(wanted, actor, clock.today(), request.GET.get("apos", ""))
    context = {"page": page, "filters": filters, "wanted": wanted, "today": clock.today()}
    more = bool(request.htmx) and "apos" in request.GET  # type: ignore[attr-defined]
    part = "_agreement_rows" if more else "list"
    return render(request, f"telecobranca/agreements/{part}.html", context)


@require_GET
@agency_page("debtors.view_debtor", SEES)
def of_debtor(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Show a tab: the debtor's agreements."""
    debtor = debtor_or_404(debtor_id)
    rows = [
        {
            "agreement": each,
            "values": values_text(parcel.amount for parcel in each.parcels.all()),
            "originals": installments_text(each.items.all()),
        }
        for each in agreements_of(debtor.pk)
    ]
    context = {"debtor": debtor, "rows": rows, "today": clock.today()}
    return render(request, "telecobranca/agreements/_tab.html", context)


@require_GET
@agency_page(SEES)
def agreement(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Show one agreement with everything about it."""
    found, actor = agreement_or_404(agreement_id), actor_of(request)
    context = {
        "agreement": found,
        "parcels": [_parcel(parcel, found, clock.today()) for parcel in found.parcels.all()],
        "values": values_text(parcel.amount for parcel in found.parcels.all()),
        "items": [_item(item) for item in found.items.all()],
        "payments": found.payments.all(),
        "moves": list(moves_for(found, actor)),
        "may_pay": may_pay(found, actor),
        "may_reverse": may_reverse(found, actor),
        "may_send": actor.has_perms(SENDS),
        "news": _news(found, request),
        "erp_steps": steps_of(key_of(found)) if found.is_integrated else (),
    }
    return render(request, "telecobranca/agreements/detail.html", context)


def _parcel(parcel: AgreementInstallment, found: Agreement, on: date) -> dict[str, Any]:
    is_expected = found.status == AgreementStatus.ACTIVE and bool(parcel.remaining)
    return {"row": parcel, "is_late": is_expected and parcel.due_date < on}


def _item(item: AgreementItem) -> dict[str, Any]:
    principal, charges = item.original + item.correction, item.penalty + item.interest
    return {"row": item, "principal": principal, "charges": charges}


@require_GET
@agency_page(SEES)
def statement(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Show the memória de cálculo that was kept with the agreement."""
    found = agreement_or_404(agreement_id)
    context = {
        "debtor": found.debtor,
        "agreement": found,
        "on": found.on,
        "pdf": reverse("telecobranca:agreement_document", args=[found.pk, "memoria"]),
        "back": reverse("telecobranca:agreement", args=[found.pk]),
        "back_label": f"Acordo {found.number}",
    }
    return statement_page(request, found.quote.statement, f"memoria-acordo-{found.number}", context)


# What the trail calls what happened, in people's words.
NEWS = {
    "agreement.proposed": "Proposta salva",
    "agreement.waiting": "Enviado para aprovação",
    "agreement.activated": "Entrou em vigor",
    "agreement.sent": "Enviado ao ERP",
    "agreement.paid": "Pagamento recebido",
    "agreement.reversed": "Pagamento estornado",
    "agreement.settled": "Quitado",
    "agreement.cancelled": "Cancelado",
    "agreement.broken": "Quebrado",
    "agreement.integrated": "Integrado ao ERP",
    "document.sent": "Documento enviado",
}


def _news(found: Agreement, request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {"entry": entry, "title": NEWS.get(entry.action, entry.action), "lines": _lines(entry)}
        for entry in history_of(found, agency=agency_of(request))[:MOST_NEWS]
    ]


def _lines(entry: AuditEntry) -> list[str]:
    empty = ("", "Vazio")
    return [
        f"{capfirst(label)}: {after if before in empty else f'{before} → {after}'}"
        for label, before, after in change_lines(entry.changes)
    ]


# --- what may be done ----------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@agency_page(SEES)
def act(request: HttpRequest, agreement_id: int, action: str) -> HttpResponse:
    """Say what a move will do and ask; then do it."""
    if action not in MOVES:
        raise Http404
    move = MOVES[action]
    if not request.user.has_perm(move.permission):
        raise PermissionDenied
    found = agreement_or_404(agreement_id)
    form = ReasonForm(request.POST or None) if move.needs_reason else None
    if request.method == "POST" and (form is None or form.is_valid()):
        reason = form.cleaned_data["reason"] if form else ""
        done = _done(
            lambda: move.run(found.pk, actor=actor_of(request), on=clock.today(), reason=reason)
        )
        if isinstance(done, Agreement):
            messages.success(request, _told(done, move))
            return _back(found)
        return _ask_move(request, found, move, form, done)
    return _ask_move(request, found, move, form)


def _done(act: Callable[[], Any]) -> Any:
    """Do something; return what came of it, or why it was refused."""
    try:
        return act()
    except DomainError as error:
        return error


def _told(done: Agreement, move: Move) -> str:
    if done.waits_for == WaitsFor.APPROVAL:
        return f"{done}: {done.reason} Ele aguarda a aprovação de um supervisor."
    if services.is_sent(done):
        return f"{done} espera o ERP: {done.reason} Ele é enviado de novo sozinho."
    if done.status == AgreementStatus.CANCELLED and done.is_integrated:
        return f"{done} cancelado. {done.reason}"
    return f"{done} {move.done}."


def _back(found: Agreement) -> HttpResponse:
    return HttpResponseClientRedirect(reverse("telecobranca:agreement", args=[found.pk]))


def _ask_move(
    request: HttpRequest,
    found: Agreement,
    move: Move,
    form: ReasonForm | None,
    refused: DomainError | None = None,
) -> HttpResponse:
    context = {
        "title": move.question(found),
        "sentences": move.tells(found) if move.fits(found) else [],
        "button": move.label,
        "is_destructive": move.is_destructive,
        "form": form,
        "refused": refused.message if refused else _not_now(found, move),
    }
    return render(request, "telecobranca/agreements/_ask.html", context)


def _not_now(found: Agreement, move: Move) -> str:
    state = AgreementStatus(found.status).label.lower()
    return "" if move.fits(found) else f"Não é possível agora: o acordo está {state}."


@require_http_methods(["GET", "POST"])
@agency_page(SEES, MAY_PAY)
def pay(request: HttpRequest, agreement_id: int, parcel_id: int) -> HttpResponse:
    """Ask what was received for a parcel; then record it."""
    found = agreement_or_404(agreement_id)
    parcel: AgreementInstallment = found_or_404(found.parcels.all(), parcel_id)
    form, refused = PaymentForm(request.POST or None, parcel, clock.today()), ""
    if request.method == "POST" and form.is_valid():
        done = _done(
            lambda: services.pay_agreement(
                agreement_id=found.pk,
                receipt=form.receipt(parcel),
                actor=actor_of(request),
                on=clock.today(),
            )
        )
        if not isinstance(done, DomainError):
            messages.success(request, f"Pagamento de {reais(form.cleaned_data['amount'])} baixado.")
            return _back(found)
        if done.field in form.fields:
            form.add_error(done.field, done.message)
        else:
            refused = done.message
    context = {
        "title": f"Baixar pagamento da parcela {parcel} do acordo {found.number}",
        "sentences": [PAYS_IN_ORDER],
        "button": "Baixar pagamento",
        "form": form,
        "refused": refused,
    }
    return render(request, "telecobranca/agreements/_ask.html", context)


@require_http_methods(["GET", "POST"])
@agency_page(SEES, MAY_REVERSE)
def reverse_payment(request: HttpRequest, agreement_id: int, payment_id: int) -> HttpResponse:
    """Say what taking back a payment will do and ask why; then do it."""
    found = agreement_or_404(agreement_id)
    payment: AgreementPayment = found_or_404(found.payments.all(), payment_id)
    form, refused = ReasonForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        done = _done(
            lambda: services.reverse_payment(
                payment_id=payment.pk,
                actor=actor_of(request),
                on=clock.today(),
                reason=form.cleaned_data["reason"],
            )
        )
        if not isinstance(done, DomainError):
            messages.success(request, f"Pagamento de {reais(payment.amount)} estornado.")
            return _back(found)
        refused = done.message
    context = {
        "title": f"Estornar o pagamento de {reais(payment.amount)}?",
        "sentences": _tells_reversal(found, payment),
        "button": "Estornar",
        "is_destructive": True,
        "form": form,
        "refused": refused,
    }
    return render(request, "telecobranca/agreements/_ask.html", context)


def _tells_reversal(found: Agreement, payment: AgreementPayment) -> list[str]:
    left = paid_of(found) - payment.amount
    told = [f"A parcela {payment.parcel} do acordo volta a dever {reais(payment.amount)}."]
    told.append(
        f"Restam {reais(left)} pagos; as parcelas originais que isto não cobre voltam ao acordo."
    )
    if found.status == AgreementStatus.SETTLED:
        told.append("O acordo deixa de estar quitado e volta a valer.")
    return told
