"""Contacts on the debtor page: asked for first, then recorded, without leaving the page."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from cobranca.accounts.access import actor_of, agency_page
from cobranca.accounts.models import User
from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.contracts.models import Contract
from cobranca.contracts.states import ContractStatus
from cobranca.debtors.contacts import EMAIL, PHONE
from cobranca.debtors.models import Debtor, DebtorSummary, Phone
from cobranca.debtors.selectors import contacts_of
from cobranca.dunning.models import ContactAttempt, ContactRecord
from cobranca.dunning.results import results_in_use
from cobranca.dunning.services.law import attempt_contact
from cobranca.dunning.services.records import ContactRefusedError
from cobranca.dunning.states import Channel, Direction
from cobranca.telecobranca.distribution import office_of
from cobranca.telecobranca.record_forms import RecordForm
from cobranca.telecobranca.selectors import debtor_or_404, found_or_404
from cobranca.telecobranca.services.contacts import work_contact

RECORDS = ("debtors.view_debtor", "dunning.add_contactrecord")


@require_GET
@agency_page(*RECORDS)
def ways(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Show how the debtor may be reached, each way with the key that chooses it."""
    debtor = debtor_or_404(debtor_id)
    phones = [phone for phone in contacts_of(debtor, PHONE) if phone.is_active]
    emails = [email for email in contacts_of(debtor, EMAIL) if email.is_active]
    context = {"debtor": debtor, "phones": phones, "emails": emails, "first_email": len(phones)}
    return render(request, "telecobranca/desk/ways.html", context)


@require_POST
@agency_page(*RECORDS)
def ask(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Ask whether the debtor may be contacted now; show the record's form, or why not."""
    debtor = debtor_or_404(debtor_id)
    channel = request.POST.get("channel", "")
    chosen = channel if channel in Channel.values else Channel.CALL
    phone = _of(debtor, PHONE.model, request.POST.get("phone", ""))
    email = _of(debtor, EMAIL.model, request.POST.get("email", ""))
    attempt = attempt_contact(
        debtor=debtor,
        channel=chosen,
        at=clock.now(),
        actor=actor_of(request),
        phone=phone,
        email=email,
    )
    if not attempt.is_allowed:
        return _refused(request, debtor, attempt)
    given = {"direction": Direction.OUTBOUND, "attempt": attempt.pk}
    return _form(request, debtor, _record_form(request, debtor, initial=given), attempt)


@require_GET
@agency_page(*RECORDS)
def received(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Show the form of a contact that the debtor made: it needs no permission."""
    debtor = debtor_or_404(debtor_id)
    given = {"direction": Direction.INBOUND, "channel": Channel.CALL}
    return _form(request, debtor, _record_form(request, debtor, initial=given))


@require_POST
@agency_page(*RECORDS)
def record(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Record a contact; what keeps it from being recorded stands at its field."""
    debtor = debtor_or_404(debtor_id)
    form = _record_form(request, debtor, data=request.POST)
    attempt = None
    if form.is_valid():
        attempt = _attempt(debtor, form.cleaned_data["attempt"])
        try:
            told = form.told(attempt)
            made = work_contact(debtor=debtor, told=told, actor=actor_of(request), at=clock.now())
        except ContactRefusedError as error:
            return _refused(request, debtor, error.attempt)
        except DomainError as error:
            form.put(error)
        else:
            return _recorded(request, debtor, made)
    else:
        attempt = _attempt(debtor, request.POST.get("attempt", ""))
    return _form(request, debtor, form, attempt)


def _record_form(request: HttpRequest, debtor: Debtor, **given: Any) -> RecordForm:
    actor = actor_of(request)
    return RecordForm(
        **given,
        results=results_in_use(),
        contracts=Contract.objects.filter(debtor=debtor, status=ContractStatus.ACTIVE),
        phones=Phone.objects.filter(debtor=debtor, is_active=True),
        colleagues=colleagues_of(actor),
    )


def colleagues_of(actor: User) -> list[User]:
    """Return who else works at the office: at theirs, for people of an external one."""
    others = User.objects.filter(agency=actor.agency_id, is_active=True).exclude(pk=actor.pk)
    office = office_of(actor)
    others = others if office is None else others.filter(team__in=office)
    return list(others.order_by("first_name", "username"))


def _of(debtor: Debtor, model: Any, key: str) -> Any:
    if not key.isdecimal():
        return None
    return found_or_404(model.objects.filter(debtor=debtor), int(key[:18]))


def _attempt(debtor: Debtor, key: Any) -> ContactAttempt | None:
    if not str(key or "").isdecimal():
        return None
    attempts = ContactAttempt.objects.filter(debtor=debtor)
    return attempts.select_related("phone", "email").filter(pk=int(str(key)[:18])).first()


def _form(
    request: HttpRequest, debtor: Debtor, form: RecordForm, attempt: ContactAttempt | None = None
) -> HttpResponse:
    until = attempt.facts.get("until") if attempt else None
    context = {
        "debtor": debtor,
        "form": form,
        "attempt": attempt,
        "until": datetime.fromisoformat(until) if until else None,
        "today": clock.office_date(clock.now()),
    }
    return render(request, "telecobranca/desk/record.html", context)


def _refused(request: HttpRequest, debtor: Debtor, attempt: ContactAttempt) -> HttpResponse:
    context = {"debtor": debtor, "attempt": attempt, **_told(attempt)}
    response = render(request, "telecobranca/desk/refused.html", context)
    return trigger_client_event(response, "contact-asked", {})


def _told(attempt: ContactAttempt) -> dict[str, Any]:
    """Return what was weighed, for "Por quê?"."""
    facts = attempt.facts
    checks = [{"holds": bool(holds), "text": text} for _, holds, text in facts.get("checks", ())]
    next_at = facts.get("next_at")
    return {"checks": checks, "next_at": datetime.fromisoformat(next_at) if next_at else None}


def _recorded(request: HttpRequest, debtor: Debtor, made: ContactRecord) -> HttpResponse:
    """Say it is done, refresh what it changed: strip, timeline, phones."""
    summary = DebtorSummary.objects.filter(debtor=debtor).first()
    context = {"debtor": debtor, "made": made, "summary": summary}
    response = render(request, "telecobranca/desk/recorded.html", context)
    is_wrong = made.result.inactivates_phone
    trigger_client_event(response, "timeline-changed", {})
    trigger_client_event(response, "contact-recorded", {"phones": is_wrong})
    return trigger_client_event(response, "toast", {"text": f"Registrado: {made.result.label}."})
