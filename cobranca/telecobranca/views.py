"""The collector's pages: search, debtor, timeline. Parts of a page answer htmx alone."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from cobranca.accounts.access import actor_of, agency_page
from cobranca.accounts.models import User
from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.contracts.models import Contract
from cobranca.contracts.second_copies import why_not
from cobranca.contracts.selectors import (
    LETTERS,
    closed_installments,
    contracts_of,
    history_of_installment,
    later_installments,
    products_of,
)
from cobranca.contracts.services import add_note_event
from cobranca.contracts.states import ContractStatus
from cobranca.contracts.timeline import GROUPS, TimelineFilter, timeline_of
from cobranca.debtors.models import Debtor
from cobranca.debtors.reading import DEBTOR_PAGE, note_reading
from cobranca.debtors.selectors import people_of, references_of
from cobranca.telecobranca.erp_age import ended, erp_age
from cobranca.telecobranca.forms import NoteForm
from cobranca.telecobranca.home import portfolio
from cobranca.telecobranca.note_form import TEMPLATE as NOTE_FORM
from cobranca.telecobranca.note_form import blank_note_form
from cobranca.telecobranca.selectors import (
    contract_or_404,
    debtor_or_404,
    desk_of,
)
from cobranca.telecobranca.selectors_search import search_debtors

LONGEST_KEY = 18


@require_GET
@agency_page("debtors.view_debtor")
def search(request: HttpRequest) -> HttpResponse:
    """Find debtors; asked by htmx, answer only the lines."""
    text = request.GET.get("q", "").strip()
    page = search_debtors(text, request.GET.get("apos", ""))
    template = "telecobranca/search.html"
    if request.htmx and not request.htmx.history_restore_request:  # type: ignore[attr-defined]
        more = "apos" in request.GET
        template = "telecobranca/_found_rows.html" if more else "telecobranca/_found.html"
    return render(request, template, {"q": text, "page": page, "today": clock.today()})


@require_GET
@agency_page("debtors.view_debtor")
def portfolio_figures(request: HttpRequest) -> HttpResponse:
    """Add up the portfolio, apart from the page that shows it."""
    return render(request, "telecobranca/_portfolio.html", {"portfolio": portfolio()})


@require_GET
@agency_page("debtors.view_debtor")
def debtor(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Show one debtor: who, how to reach, what is owed, what happened."""
    desk = desk_of(debtor_id, clock.today())
    note_reading(debtor_id, actor_of(request), DEBTOR_PAGE, clock.now())
    context = {
        "desk": desk,
        "debtor": desk.debtor,
        "page": desk.timeline,
        "groups": GROUPS,
        "letters": LETTERS,
        "note_form": blank_note_form(debtor_id, desk.contracts) if may_note(request) else "",
        "may_note": may_note(request),
        "age": erp_age(desk.sync, desk.contracts, desk.data_at, clock.now()),
        "seen": ended(desk.sync),
        "asks": bool(desk.contracts or desk.debtor.finished_count),
    }
    return render(request, "telecobranca/debtor.html", context)


@require_GET
@agency_page("debtors.view_debtor")
def details_tab(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Show the registration data and the related people."""
    found = debtor_or_404(debtor_id)
    context = {
        "debtor": found,
        "people": people_of(found),
        "references": references_of(found),
    }
    return render(request, "telecobranca/tabs/details.html", context)


@require_GET
@agency_page("contracts.view_contract")
def products_tab(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Show what was sold to the debtor."""
    found = debtor_or_404(debtor_id)
    context = {"debtor": found, "products": products_of(found.pk)}
    return render(request, "telecobranca/tabs/products.html", context)


@require_GET
@agency_page("contracts.view_contract")
def finished(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Show the contracts that are over."""
    found = debtor_or_404(debtor_id)
    contracts = contracts_of(found.pk, ContractStatus.FINISHED, clock.today())
    context = {"debtor": found, "contracts": contracts, "letters": LETTERS}
    return render(request, "telecobranca/_finished.html", context)


@require_GET
@agency_page("contracts.view_installment")
def installments(request: HttpRequest, contract_id: int, part: str) -> HttpResponse:
    """Show the installments of a contract that its table leaves out at first."""
    contract = contract_or_404(contract_id)
    after = request.GET.get("apos", "")
    if part == "futuras":
        found = later_installments(contract, clock.today(), after)
    elif part == "encerradas":
        found = closed_installments(contract, after)
    else:
        raise Http404
    context = {
        "contract": contract,
        "found": found,
        "part": part,
        "letters": LETTERS,
        "may_note": may_note(request),
    }
    return render(request, "telecobranca/_installment_part.html", context)


@require_GET
@agency_page("contracts.view_payment", "contracts.view_recall")
def installment(request: HttpRequest, contract_id: int, number: int) -> HttpResponse:
    """Show what happened to one installment."""
    contract = contract_or_404(contract_id)
    row = contract.installments.filter(number=number).select_related("contract__creditor").first()
    context = {
        "history": history_of_installment(contract, number),
        "installment": row,
        "may_issue": row is not None and may_note(request) and not why_not(row),
    }
    return render(request, "telecobranca/_installment.html", context)


@require_GET
@agency_page("contracts.view_event")
def timeline(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Show a page of the timeline, filtered."""
    found = debtor_or_404(debtor_id)
    wanted = _wanted(request)
    context = {"debtor": found, "page": timeline_of(found.pk, wanted), "wanted": wanted}
    return render(request, "telecobranca/_timeline.html", context)


def _wanted(request: HttpRequest) -> TimelineFilter:
    contract = request.GET.get("contrato", "")[:LONGEST_KEY]
    return TimelineFilter(
        group=request.GET.get("tipo", ""),
        text=request.GET.get("texto", ""),
        contract_id=int(contract) if contract.isdecimal() else None,
        after=request.GET.get("apos", ""),
    )


def may_note(request: HttpRequest) -> bool:
    """Tell whether who asks may write on timelines; asked once, not once a row."""
    return request.user.has_perm("contracts.add_event")


@require_POST
@agency_page("debtors.view_debtor", "contracts.add_event")
def add_note(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Write a note; the timeline then refreshes itself."""
    found = debtor_or_404(debtor_id)
    contracts = list(Contract.objects.filter(debtor=found).order_by("number"))
    form = NoteForm(request.POST, contracts=contracts)
    if form.is_valid() and _saved(form, found, actor_of(request)):
        response = render_note_form(request, found, NoteForm(contracts=contracts))
        trigger_client_event(response, "timeline-changed", {})
        return trigger_client_event(response, "toast", {"text": "Evento registrado."})
    return render_note_form(request, found, form)


def _saved(form: NoteForm, found: Debtor, actor: User) -> bool:
    data = form.cleaned_data
    try:
        add_note_event(
            debtor=found,
            text=data["text"],
            actor=actor,
            title=data["title"],
            contract_id=data["contract"],
        )
    except DomainError as error:
        form.add_error(error.field or None, error.message)
        return False
    return True


def render_note_form(request: HttpRequest, found: Debtor, form: NoteForm) -> HttpResponse:
    """Show the form of a new event."""
    return render(request, NOTE_FORM, {"debtor": found, "form": form})
