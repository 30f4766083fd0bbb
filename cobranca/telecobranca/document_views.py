"""Documents as PDF, of a calculation on the screen and of saved agreements; and sending them."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_http_methods

from cobranca.accounts.access import actor_of, agency_page
from cobranca.agreements import documents
from cobranca.agreements.documents import Document, Kind, Sending
from cobranca.agreements.models import Agreement, AgreementPayment
from cobranca.campaigns.calculation import Calculation
from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.debtors.models import Debtor, EmailAddress
from cobranca.telecobranca.calculation_forms import starting_values
from cobranca.telecobranca.calculation_screen import screen_of
from cobranca.telecobranca.document_forms import SendForm, documents_of
from cobranca.telecobranca.selectors import agreement_or_404, debtor_or_404, found_or_404

SEES_CALCULATIONS = ("debtors.view_debtor", "contracts.view_installment")
SEES_AGREEMENTS = "agreements.view_agreement"
SEES_PAYMENTS = "agreements.view_agreementpayment"
# What is sent is an event of the debtor's, and an e-mail of theirs is shown.
SENDS = ("contracts.add_event", "debtors.view_emailaddress")
# Personal data: neither browser nor proxy keeps a copy.
TOO_LONG = "A memória deste cálculo é longa demais para ser aberta aqui: envie-a por e-mail."
private = cache_control(private=True, no_store=True)


@require_GET
@private
@agency_page(*SEES_CALCULATIONS)
def statement_pdf(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Answer with the memória of what the address asks to be calculated."""
    return _of_calculation(request, debtor_id, _short_statement)


def _short_statement(made: Calculation) -> Document:
    _check_length(made.statement.to_json())
    return documents.statement_of_calculation(made, on=clock.today())


def _check_length(statement: Mapping[str, Any]) -> None:
    if documents.is_for_email(statement):
        raise DomainError(TOO_LONG)


@require_GET
@private
@agency_page(*SEES_CALCULATIONS)
def debt_statement_pdf(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Answer with the demonstrativo de débito of what the address asks to be calculated."""
    return _of_calculation(
        request,
        debtor_id,
        lambda made: documents.debt_statement(documents.of_calculation(made), on=clock.today()),
    )


def _of_calculation(
    request: HttpRequest, debtor_id: int, make: Callable[[Calculation], Document]
) -> HttpResponse:
    debtor = debtor_or_404(debtor_id)
    made, back = _calculated(request, debtor)
    if made is None:
        return redirect(back)  # the screen says what is wrong
    return _pdf(request, partial(make, made), back)


def _calculated(request: HttpRequest, debtor: Debtor) -> tuple[Calculation | None, str]:
    """Return what the address asks for, exactly: a document that leaves rows out would lie."""
    today = clock.today()
    data = starting_values(today) | request.GET.dict()
    screen = screen_of(debtor, data, today=today)
    back = f"{reverse('telecobranca:calculation', args=[debtor.pk])}?{request.GET.urlencode()}"
    return screen.calculation, back


@require_GET
@private
@agency_page(SEES_AGREEMENTS)
def agreement_document(request: HttpRequest, agreement_id: int, document: str) -> HttpResponse:
    """Answer with a document of an agreement: termo, demonstrativo, memoria."""
    agreement = agreement_or_404(agreement_id)
    if document not in MADE:
        raise Http404
    return _pdf(request, lambda: MADE[document](agreement), _page_of(agreement))


def _kept_statement(agreement: Agreement) -> Document:
    _check_length(agreement.quote.statement)
    return documents.statement_of_agreement(agreement, on=clock.today())


MADE: dict[str, Callable[[Agreement], Document]] = {
    "termo": lambda agreement: documents.term(agreement, on=clock.today()),
    "demonstrativo": lambda agreement: documents.debt_statement(
        documents.of_quote(agreement.quote), on=clock.today()
    ),
    "memoria": _kept_statement,
}


@require_GET
@private
@agency_page(SEES_AGREEMENTS, SEES_PAYMENTS)
def payment_receipt(request: HttpRequest, agreement_id: int, payment_id: int) -> HttpResponse:
    """Answer with the receipt of a payment."""
    agreement = agreement_or_404(agreement_id)
    payment: AgreementPayment = found_or_404(agreement.payments.all(), payment_id)
    return _pdf(request, lambda: documents.receipt(payment, on=clock.today()), _page_of(agreement))


def _page_of(agreement: Agreement) -> str:
    return reverse("telecobranca:agreement", args=[agreement.pk])


def _pdf(request: HttpRequest, make: Callable[[], Document], back: str) -> HttpResponse:
    """Answer with a PDF to be looked at; where none can be made, go back and say why."""
    try:
        document = make()
        body = document.pdf()
    except DomainError as error:
        messages.error(request, error.message)
        return redirect(back)
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{document.name}.pdf"'
    return response


# --- by e-mail ------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@private
@agency_page(SEES_AGREEMENTS, SEES_PAYMENTS, *SENDS)
def send_agreement_document(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Ask which document of an agreement goes to which e-mail of its debtor; then have it sent."""
    agreement = agreement_or_404(agreement_id)
    form = SendForm(request.POST or None, agreement.debtor, documents_of(agreement))
    sent: EmailAddress | None = None
    if request.method == "POST" and form.is_valid():
        kind, key = form.document
        sent = _tried(form, lambda: documents.send_document(kind, key, _sending(request, form)))
    context = {"agreement": agreement, "form": form, "sent": sent}
    return render(request, "telecobranca/agreements/_send_document.html", context)


@require_http_methods(["GET", "POST"])
@private
@agency_page(*SEES_CALCULATIONS, *SENDS)
def send_debt_statement(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Ask for the e-mail that what the address asks for goes to; then have it sent.

    The debt statement; with `documento=memoria` the memória.
    """
    debtor = debtor_or_404(debtor_id)
    made, back = _calculated(request, debtor)
    if made is None:
        return redirect(back)
    is_statement = request.GET.get("documento") == "memoria"
    kind = Kind.CALCULATION if is_statement else Kind.DEBT
    form = SendForm(request.POST or None, debtor)
    if request.method == "POST" and form.is_valid():
        calculation = made
        sending = _sending(request, form)
        sent = _tried(form, lambda: documents.send_calculation(calculation, sending, kind))
        if sent is not None:
            messages.success(request, f"{kind.label}: o documento vai para {sent}.")
            return redirect("telecobranca:debtor", debtor.pk)
    context = {"debtor": debtor, "calculation": made, "form": form, "back": back, "kind": kind}
    return render(request, "telecobranca/send_debt_statement.html", context)


def _sending(request: HttpRequest, form: SendForm) -> Sending:
    return Sending(
        actor=actor_of(request),
        on=clock.today(),
        at=clock.now(),
        token=form.cleaned_data["token"],
        email_id=form.cleaned_data["email"],
    )


def _tried(form: SendForm, act: Callable[[], Any]) -> Any:
    """Do something; None when it was refused, which the form then says at its field."""
    try:
        return act()
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return None
