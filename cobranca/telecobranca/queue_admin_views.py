"""Equipe › Filas: what each queue takes, in what order, and who would be first."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cobranca.accounts.access import actor_of, agency_of, agency_page
from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.telecobranca.models import WorkQueue
from cobranca.telecobranca.queue_forms import QueueForm
from cobranca.telecobranca.selectors import found_or_404
from cobranca.telecobranca.selectors_queue import preview, queue_lines, queue_state
from cobranca.telecobranca.services import queues
from cobranca.telecobranca.services.queue import refresh_queue

SEES, CHANGES = "telecobranca.view_workqueue", "telecobranca.change_workqueue"


@require_GET
@agency_page(SEES)
def queue_list(request: HttpRequest) -> HttpResponse:
    """Show the queues in their order, with how many each holds."""
    agency = agency_of(request)
    context = {"queues": queue_lines(clock.now()), "state": queue_state(agency.pk)}
    return render(request, "telecobranca/queue/list.html", context)


@require_http_methods(["GET", "POST"])
@agency_page(SEES, "telecobranca.add_workqueue")
def new_queue(request: HttpRequest) -> HttpResponse:
    """Make a queue; it comes last."""
    agency = agency_of(request)
    position = queues.next_position(agency.pk)
    return _form(request, WorkQueue(agency=agency, position=position))


@require_http_methods(["GET", "POST"])
@agency_page(SEES, CHANGES)
def edit_queue(request: HttpRequest, queue_id: int) -> HttpResponse:
    """Change a queue."""
    return _form(request, found_or_404(WorkQueue.objects.all(), queue_id))


def _form(request: HttpRequest, row: WorkQueue) -> HttpResponse:
    """Draw the form, show whom it would take (“previa”), or save it and rank anew."""
    agency = agency_of(request)
    form = QueueForm(agency, request.POST or None, instance=row)
    context: dict[str, Any] = {"form": form, "queue": row}
    if request.method == "POST" and form.is_valid():
        try:
            if "previa" not in request.POST:
                queues.save_queue(queue=row, chosen=form.chosen(), actor=actor_of(request))
                return _ranked(request, f"Fila “{row.name}” salva.")
            queues.check_queue(row)
            context["preview"] = preview(form.spec(), agency_id=agency.pk, on=clock.today())
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
    return render(request, "telecobranca/queue/form.html", context)


@require_POST
@agency_page(SEES, CHANGES)
def move_queue(request: HttpRequest, queue_id: int) -> HttpResponse:
    """Move a queue one place up (para=cima) or down."""
    row = found_or_404(WorkQueue.objects.all(), queue_id)
    is_up = request.POST.get("para") == "cima"
    queues.move_queue(queue_id=row.pk, up=is_up, actor=actor_of(request))
    return _ranked(request, f"Fila “{row.name}” movida.")


@require_POST
@agency_page(SEES, "telecobranca.delete_workqueue")
def delete_queue(request: HttpRequest, queue_id: int) -> HttpResponse:
    """Delete a queue."""
    row = found_or_404(WorkQueue.objects.all(), queue_id)
    queues.delete_queue(queue=row, actor=actor_of(request))
    return _ranked(request, f"Fila “{row.name}” excluída.")


@require_POST
@agency_page(SEES, CHANGES)
def rank_now(request: HttpRequest) -> HttpResponse:
    """Rank everybody now."""
    return _ranked(request, "Fila reordenada.")


def _ranked(request: HttpRequest, text: str) -> HttpResponse:
    refresh_queue(agency_of(request).pk, clock.today(), clock.now())
    messages.success(request, text)
    return redirect("telecobranca:queues")
