"""Phones, addresses and e-mails of a debtor, edited in place on the debtor page."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from cobranca.accounts.access import actor_of, agency_page
from cobranca.common.errors import DomainError
from cobranca.debtors.contacts import KINDS, Contact, ContactKind
from cobranca.debtors.models import Debtor
from cobranca.debtors.selectors import contacts_of
from cobranca.debtors.services import add_contact, change_contact, set_contact_active
from cobranca.telecobranca.forms import FORMS, ContactForm
from cobranca.telecobranca.selectors import debtor_or_404, found_or_404


@require_GET
@agency_page("debtors.view_debtor")
def contacts(request: HttpRequest, debtor_id: int, kind: str) -> HttpResponse:
    """Show a tab: the debtor's phones, addresses or e-mails."""
    return _tab(request, debtor_or_404(debtor_id), _kind(kind))


@require_http_methods(["GET", "POST"])
@agency_page("debtors.view_debtor")
def add(request: HttpRequest, debtor_id: int, kind: str) -> HttpResponse:
    """Offer, then take, a new phone, address or e-mail."""
    chosen = _kind(kind)
    _must_hold(request, chosen, "add")
    debtor = debtor_or_404(debtor_id)
    form = FORMS[kind](request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_contact(
                debtor_id=debtor.pk, kind=chosen, values=form.cleaned_data, actor=actor_of(request)
            )
        except DomainError as error:
            _put(form, error)
        else:
            return _done(request, debtor, chosen, f"{chosen.noun} incluído.")
    return _form(request, debtor, chosen, form)


@require_http_methods(["GET", "POST"])
@agency_page("debtors.view_debtor")
def change(request: HttpRequest, kind: str, contact_id: int) -> HttpResponse:
    """Offer, then take, a change of a phone, address or e-mail."""
    chosen = _kind(kind)
    _must_hold(request, chosen, "change")
    contact = _contact(chosen, contact_id)
    initial = {name: getattr(contact, name) for name in chosen.fields}
    form = FORMS[kind](request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_contact(contact=contact, values=form.cleaned_data, actor=actor_of(request))
        except DomainError as error:
            _put(form, error)
        else:
            return _done(request, contact.debtor, chosen, f"{chosen.noun} alterado.")
    return _form(request, contact.debtor, chosen, form, contact)


@require_POST
@agency_page("debtors.view_debtor")
def set_active(request: HttpRequest, kind: str, contact_id: int) -> HttpResponse:
    """Inactivate or take back a phone, address or e-mail; the answer offers to undo it."""
    chosen = _kind(kind)
    _must_hold(request, chosen, "change")
    active = request.POST.get("ativo") == "1"
    contact = _contact(chosen, contact_id)
    set_contact_active(contact=contact, active=active, actor=actor_of(request))
    word = "reativado" if active else "inativado"
    undo = {"url": request.path, "values": {"ativo": "" if active else "1"}}
    return _done(request, contact.debtor, chosen, f"{chosen.noun} {word}.", undo)


def _kind(slug: str) -> ContactKind:
    if slug not in KINDS:
        raise Http404
    return KINDS[slug]


def _must_hold(request: HttpRequest, kind: ContactKind, action: str) -> None:
    if not request.user.has_perm(f"debtors.{action}_{kind.model._meta.model_name}"):
        raise PermissionDenied


def _contact(kind: ContactKind, pk: int) -> Any:
    return found_or_404(kind.model.objects.select_related("debtor"), pk)


def _put(form: ContactForm, error: DomainError) -> None:
    form.add_error(error.field if error.field in form.fields else None, error.message)


def _tab(request: HttpRequest, debtor: Debtor, kind: ContactKind) -> HttpResponse:
    rows = contacts_of(debtor, kind)
    context = {"debtor": debtor, "kind": kind, "contacts": rows, "active": _active(rows)}
    return render(request, f"telecobranca/tabs/{kind.slug}.html", context)


def _active(rows: list[Contact]) -> int:
    return sum(1 for row in rows if row.is_active)


def _form(
    request: HttpRequest,
    debtor: Debtor,
    kind: ContactKind,
    form: ContactForm,
    contact: Contact | None = None,
) -> HttpResponse:
    context = {"debtor": debtor, "kind": kind, "form": form, "contact": contact}
    return render(request, "telecobranca/_contact_form.html", context)


def _done(
    request: HttpRequest,
    debtor: Debtor,
    kind: ContactKind,
    said: str,
    undo: dict[str, Any] | None = None,
) -> HttpResponse:
    """Show the tab as it is now, refresh the timeline, say what was done."""
    response = _tab(request, debtor, kind)
    response["HX-Retarget"], response["HX-Reswap"] = "#tab-panel", "innerHTML"
    trigger_client_event(response, "timeline-changed", {})
    return trigger_client_event(response, "toast", {"text": said, "undo": undo})
