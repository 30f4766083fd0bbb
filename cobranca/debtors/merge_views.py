"""Merging on screen: who may be one person, both side by side, and what was merged."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from cobranca.accounts.access import actor_of, agency_of, agency_page
from cobranca.common import clock
from cobranca.common.errors import DomainError, NotFoundError
from cobranca.common.paging import LongListPaginator
from cobranca.debtors import distinguishing, duplicates
from cobranca.debtors.distinguishing import distinct_pair, distinct_pairs
from cobranca.debtors.forms import ReasonForm
from cobranca.debtors.merging import merge_debtors, undo_merge
from cobranca.debtors.models import Debtor, DebtorMerge, DebtorSummary
from cobranca.debtors.reading import COMPARED, note_reading
from cobranca.debtors.search import prefix_query
from cobranca.debtors.selectors import people_of, references_of
from cobranca.debtors.sight import check_seen, seen

SEES = "debtors.view_debtormerge"
MERGES = "debtors.add_debtormerge"
UNDOES = "debtors.change_debtormerge"
PAGE_SIZE = 25
MOST_FOUND = 10
LONGEST_KEY = 18


@require_GET
@agency_page(SEES)
def merges(request: HttpRequest) -> HttpResponse:
    """Show what was merged; the suggestions come after, for they take a while."""
    found = DebtorMerge.objects.select_related("kept", "gone", "merged_by", "undone_by")
    page = LongListPaginator(found.defer("moved"), PAGE_SIZE).get_page(request.GET.get("pagina"))
    return render(request, "debtors/merges.html", {"page": page, "distinct": distinct_pairs()})


@require_GET
@agency_page("debtors.view_debtor", SEES)
def suggested(request: HttpRequest) -> HttpResponse:
    """Show who may be one person."""
    found = duplicates.suggestions(agency_of(request).pk)
    return render(request, "debtors/_suggestions.html", {"suggestions": found})


@require_GET
@agency_page("debtors.view_debtor", SEES)
def compare(request: HttpRequest) -> HttpResponse:
    """Show two debtors side by side; with one alone, look for the other."""
    first = _chosen(request, "um")
    if first is None:
        raise Http404
    second = _chosen(request, "outro")
    if second is None:
        return _look_for_other(request, first)
    actor, at = actor_of(request), clock.now()
    for each in (first, second):
        note_reading(each.pk, actor, COMPARED, at)
    context = {
        "sides": [_side(first, second), _side(second, first)],
        "signs": duplicates.suggestions(agency_of(request).pk, only=first),
        "distinct": distinct_pair(first, second),
        "form": ReasonForm(),
        "first": first,
        "second": second,
    }
    return render(request, "debtors/compare.html", context)


@require_POST
@agency_page("debtors.view_debtor", MERGES)
def merge(request: HttpRequest) -> HttpResponse:
    """Make one of two."""
    kept, gone = _key(request.POST.get("kept")), _key(request.POST.get("gone"))
    try:
        done = merge_debtors(
            kept_id=kept,
            gone_id=gone,
            actor=actor_of(request),
            reason=request.POST.get("reason", ""),
        )
    except DomainError as error:
        messages.error(request, error.message)
        return redirect(f"{reverse('debtors:compare')}?um={kept}&outro={gone}")
    messages.success(request, f"{done.gone.name} agora faz parte deste cadastro.")
    return redirect("telecobranca:debtor", kept)


@require_POST
@agency_page("debtors.view_debtor", UNDOES)
def undo(request: HttpRequest, merge_id: int) -> HttpResponse:
    """Make two of one again."""
    if not DebtorMerge.objects.filter(pk=merge_id).exists():
        raise Http404
    try:
        undo_merge(merge_id=merge_id, actor=actor_of(request))
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "Unificação desfeita: cada cadastro voltou a ter o que era seu.")
    return redirect("debtors:merges")


@require_POST
@agency_page("debtors.view_debtor", MERGES)
def tell_apart(request: HttpRequest) -> HttpResponse:
    """Note that two are two people: they are not suggested again."""
    one, other = _key(request.POST.get("first")), _key(request.POST.get("second"))
    for debtor_id in (one, other):
        check_seen(debtor_id)
    try:
        distinguishing.tell_apart(one_id=one, other_id=other, actor=actor_of(request))
    except DomainError as error:
        messages.error(request, error.message)
    else:
        said = "Anotado: não são a mesma pessoa. O par não será mais sugerido; desfaça abaixo."
        messages.success(request, said)
    return redirect("debtors:merges")


@require_POST
@agency_page("debtors.view_debtor", UNDOES)
def take_back(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Let two be suggested again."""
    try:
        distinguishing.take_back(pair_id=pair_id, actor=actor_of(request))
    except NotFoundError as error:
        raise Http404 from error
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "Desfeito: o par pode ser sugerido outra vez.")
    return redirect("debtors:merges")


def _key(told: str | None) -> int:
    text = (told or "")[:LONGEST_KEY]
    return int(text) if text.isdecimal() else 0


def _chosen(request: HttpRequest, name: str) -> Debtor | None:
    if (key := _key(request.GET.get(name))) == 0:
        return None
    people = Debtor.objects.select_related("summary", "agency").defer("summary__search")
    found = seen(people.filter(pk=key)).first()
    if found is None:
        raise Http404
    return found


def _look_for_other(request: HttpRequest, first: Debtor) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    found: list[DebtorSummary] = []
    if (query := prefix_query(text)) is not None:
        others = DebtorSummary.objects.filter(search=query).exclude(debtor=first)
        rows = seen(others, "debtor")
        found = list(rows.select_related("debtor").defer("search").order_by("pk")[:MOST_FOUND])
    context = {
        "first": first,
        "q": text,
        "found": found,
        "suggestions": duplicates.suggestions(agency_of(request).pk, only=first),
    }
    return render(request, "debtors/look_for_other.html", context)


def _side(debtor: Debtor, other: Debtor) -> dict[str, object]:
    return {
        "debtor": debtor,
        "other": other,
        "phones": list(debtor.phone_set.all()),
        "emails": list(debtor.emailaddress_set.all()),
        "addresses": list(debtor.address_set.all()),
        "people": people_of(debtor),
        "references": references_of(debtor),
    }
