"""What the debtor page asks of the ERP: the reading on opening, boletos, statements.

Never while the page is built: each is a part that asks for itself once the page is there.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import trigger_client_event

from cobranca.accounts.access import actor_of, agency_page
from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.contracts.erp_mail import Paper, Wish, can_mail_papers, mail_copy, mail_paper
from cobranca.contracts.models import DebtorSync
from cobranca.contracts.second_copies import (
    IssuedCopy,
    issue_copy,
    open_copy,
    why_not,
)
from cobranca.contracts.selectors import LETTERS
from cobranca.contracts.syncing import open_debtor
from cobranca.telecobranca.erp_age import ended, erp_age
from cobranca.telecobranca.erp_forms import CopyMailForm, PaperForm
from cobranca.telecobranca.selectors import (
    ages_of,
    book_of,
    contract_or_404,
    debtor_or_404,
    installment_or_404,
)
from cobranca.telecobranca.views import may_note

SEES = ("debtors.view_debtor", "contracts.view_installment")
ISSUES = (*SEES, "contracts.add_event")
SENDS = (*ISSUES, "debtors.view_emailaddress")
# Personal data: neither browser nor proxy keeps a copy.
private = cache_control(private=True, no_store=True)


@require_http_methods(["GET", "POST"])
@private
@agency_page(*SEES)
def sync(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """POST: have the debtor read in the ERP. GET: tell how the reading stands.

    `visto` is the end of the last reading that the page knows of: what a later one changed is
    announced, and the blocks of the page refresh themselves.
    """
    debtor, now = debtor_or_404(debtor_id), clock.now()
    asked = request.POST if request.method == "POST" else request.GET
    seen = asked.get("visto", "")
    if request.method == "POST":
        row, problem = _asked(request, debtor)
    else:
        row, problem = DebtorSync.objects.filter(debtor=debtor).first(), ""
    contracts, data_at = ages_of(debtor.pk)
    age = erp_age(row, contracts, data_at, now)
    is_news = not age.is_running and row is not None and ended(row) != seen
    changed = bool(is_news and row and row.changed)
    context = {
        "debtor": debtor,
        "age": age,
        "seen": seen if age.is_running else ended(row),
        "can_ask": row is not None,
        "problem": problem,
        "contracts": contracts if is_news and not changed else [],
    }
    response = render(request, "telecobranca/erp/_age.html", context)
    if changed:
        trigger_client_event(response, "debtor-synced", {}, after="settle")
        trigger_client_event(response, "timeline-changed", {}, after="settle")
    return response


def _asked(request: HttpRequest, debtor: Any) -> tuple[DebtorSync | None, str]:
    try:
        wish = request.POST.get("agora") == "1"
        return open_debtor(debtor, now=clock.now(), is_wish=wish), ""
    except DomainError as error:  # a parameter that no longer makes sense
        return None, error.message


@require_GET
@agency_page(*SEES)
def book(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Show the contracts as they are now, and the totals of the strip with them."""
    desk = book_of(debtor_id, clock.today())
    context = {
        "desk": desk,
        "debtor": desk.debtor,
        "letters": LETTERS,
        "may_note": may_note(request),
    }
    return render(request, "telecobranca/erp/_book.html", context)


@require_http_methods(["GET", "POST"])
@private
@agency_page(*ISSUES)
def second_copy(request: HttpRequest, installment_id: int) -> HttpResponse:
    """GET: the window, which then asks by itself. POST: ask the ERP for the line of the boleto."""
    installment = installment_or_404(installment_id)
    context: dict[str, Any] = {"installment": installment, "debtor": installment.contract.debtor}
    if request.method == "GET":
        context |= {"problem": why_not(installment)}
        return render(request, "telecobranca/erp/_second_copy.html", context)
    try:
        copy = issue_copy(installment.pk, actor=actor_of(request), on=clock.today())
    except DomainError as error:
        context |= {"problem": error.message, "may_retry": not why_not(installment)}
        return render(request, "telecobranca/erp/_issued.html", context)
    response = render(request, "telecobranca/erp/_issued.html", context | _issued(request, copy))
    return trigger_client_event(response, "timeline-changed", {})


def _issued(request: HttpRequest, copy: IssuedCopy) -> dict[str, Any]:
    form = CopyMailForm(None, copy.installment.contract.debtor)
    return {"copy": copy, "form": form, "may_send": actor_of(request).has_perms(SENDS)}


@require_GET
@private
@agency_page(*ISSUES)
def second_copy_pdf(request: HttpRequest, installment_id: int) -> HttpResponse:
    """Answer with the boleto, fetched from the ERP now; without one, go back and say why."""
    installment = installment_or_404(installment_id)
    try:
        copy = open_copy(installment.pk, actor=actor_of(request), on=clock.today())
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("telecobranca:debtor", installment.contract.debtor_id)
    response = HttpResponse(copy.pdf, content_type="application/pdf")
    name = f"boleto-{installment.contract_id}-{installment.number}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    # Whatever the ERP handed out, it is a paper and nothing else.
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_http_methods(["POST"])
@private
@agency_page(*SENDS)
def mail_second_copy(request: HttpRequest, installment_id: int) -> HttpResponse:
    """Have the ERP send the boleto to an e-mail of the debtor."""
    installment = installment_or_404(installment_id)
    form = CopyMailForm(request.POST, installment.contract.debtor)
    context = {"installment": installment, "form": form, "debtor": installment.contract.debtor}
    if form.is_valid():
        wish = _wish(request, form)
        try:
            context |= {"sent": mail_copy(installment.pk, wish, on=clock.today())}
        except DomainError as error:
            form.put(error)
    response = render(request, "telecobranca/erp/_mail_copy.html", context)
    return trigger_client_event(response, "timeline-changed", {})


@require_http_methods(["GET", "POST"])
@private
@agency_page(*SENDS)
def paper(request: HttpRequest, contract_id: int) -> HttpResponse:
    """Ask which statement the ERP is to send, and where to; then have it sent."""
    contract = contract_or_404(contract_id)
    form = PaperForm(request.POST or None, contract.debtor)
    context = {"contract": contract, "form": form, "is_offered": can_mail_papers(contract)}
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        wish = _wish(request, form)
        try:
            context |= {"sent": mail_paper(contract, Paper(told["paper"]), wish)}
        except DomainError as error:
            form.put(error)
    response = render(request, "telecobranca/erp/_paper.html", context)
    return trigger_client_event(response, "timeline-changed", {}) if request.POST else response


def _wish(request: HttpRequest, form: CopyMailForm) -> Wish:
    told = form.cleaned_data
    return Wish(
        actor=actor_of(request),
        at=clock.now(),
        email_id=told["email"],
        message=told.get("message", ""),
    )
