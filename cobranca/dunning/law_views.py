"""“Posso contatar?”: the law asked about a debtor or a place; its line for a debtor's page."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from cobranca.accounts.access import actor_of, agency_of, agency_page
from cobranca.calc.contact_law import Asked
from cobranca.common import clock
from cobranca.debtors.models import Debtor, DebtorSummary, Phone
from cobranca.debtors.reading import note_reading
from cobranca.debtors.search import prefix_query
from cobranca.debtors.sight import seen
from cobranca.dunning import saying
from cobranca.dunning.contact_law import Read, decide_asked, read_asked, verdicts_of
from cobranca.dunning.law_forms import DebtorForm, PlaceForm, QuestionForm
from cobranca.dunning.lawbook import read_law
from cobranca.dunning.people import debtor_or_404, kept_debtor_or_404, phone_or_none
from cobranca.dunning.states import Channel

SEES = ("dunning.view_contactrule", "debtors.view_debtor")
FOUND = 8
LONGEST_KEY = 18
# A number that no one has, of an area code: only the code counts.
ANY_NUMBER = "900000000"
private = cache_control(private=True, no_store=True)


@require_GET
@private
@agency_page(*SEES)
def may_contact(request: HttpRequest) -> HttpResponse:
    """Ask about a debtor found by `q` and chosen as `devedor`, or about a place."""
    debtor = _debtor(request)
    context = _of_debtor(request, debtor) if debtor else _of_place(request)
    text = request.GET.get("q", "").strip()
    context |= {"debtor": debtor, "q": text}
    if text and not debtor:
        context["found"] = _found(text)
    return render(request, "dunning/may_contact.html", context)


@require_GET
@private
@agency_page(*SEES)
def status(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Say in a line whether a debtor may be contacted now; it asks again every minute.

    `canal` (call unless told) and `telefone` (the main one unless told).
    """
    debtor, at = debtor_or_404(debtor_id), clock.now()
    channel = request.GET.get("canal", "")
    if channel not in Channel.values:
        channel = Channel.CALL
    phone = phone_or_none(debtor, request.GET.get("telefone", ""))
    read = read_asked(debtor, channel, at, phone=phone)
    said = saying.status_of(read, decide_asked(read, at), at)
    return render(request, "dunning/_status.html", {"status": said, "debtor": debtor})


def _debtor(request: HttpRequest) -> Debtor | None:
    told = request.GET.get("devedor", "")
    if not (told.isascii() and told.isdigit() and len(told) <= LONGEST_KEY):
        return None
    return kept_debtor_or_404(int(told))


def _found(text: str) -> list[Debtor]:
    query = prefix_query(text)
    if query is None:
        return []
    rows = seen(DebtorSummary.objects.filter(search=query), "debtor").select_related("debtor")
    return [row.debtor for row in rows.order_by("-open_total", "debtor_id")[:FOUND]]


def _of_debtor(request: HttpRequest, debtor: Debtor) -> dict[str, Any]:
    note_reading(debtor.pk, actor_of(request), "Posso contatar?", clock.now())
    phones = list(Phone.objects.filter(debtor=debtor, is_active=True))
    form = DebtorForm(request.GET, phones=[(phone, _ends(phone)) for phone in phones])
    if not form.is_valid():
        return {"form": form}
    at = _instant(form)
    chosen = form.cleaned_data["telefone"]
    phone = next((each for each in phones if each.pk == chosen), None)
    read = read_asked(debtor, form.cleaned_data["canal"], at, phone=phone)
    return {"form": form, **_answer(form, read, at)}


def _of_place(request: HttpRequest) -> dict[str, Any]:
    asked = {"uf", "ddd"} & set(request.GET)
    form = PlaceForm(request.GET if asked else None, initial={"canal": Channel.CALL})
    if not asked or not form.is_valid():
        return {"form": form}
    told = form.cleaned_data
    at = _instant(form)
    number = f"{told['ddd']}{ANY_NUMBER}" if told["ddd"] else ""
    question = Asked(told["canal"], told["uf"], "", number)
    read = Read(read_law(agency_of(request).pk, at), question, None)
    return {"form": form, **_answer(form, read, at)}


def _instant(form: QuestionForm) -> datetime:
    told: datetime | None = form.cleaned_data["quando"]
    return told or clock.now()


def _answer(form: QuestionForm, read: Read, at: datetime) -> dict[str, Any]:
    decision = decide_asked(read, at)
    days, columns = saying.week_of(read, clock.office_date(at))
    rows = [(day, [column.cells[n] for column in columns]) for n, day in enumerate(days)]
    return {
        "at": at,
        "asked": read.asked,
        "decision": decision,
        "status": saying.status_of(read, decision, at, is_now=not form.cleaned_data["quando"]),
        "verdicts": verdicts_of(read, at),
        "columns": columns,
        "rows": rows,
    }


def _ends(phone: Phone) -> str:
    """Return a phone by its area code and last digits, enough to tell it from the others."""
    main = ", principal" if phone.is_main else ""
    return f"({phone.number[:2]}) •••• {phone.number[-4:]}{main}"
