"""Back Office › Tarefas: scheduled tasks, what runs now, and the history."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cobranca.accounts.access import actor_of, agency_of, agency_page
from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.scheduling import registry, selectors, services
from cobranca.scheduling.forms import REDRAW, ParametersForm, TaskForm, initial_of, show_error
from cobranca.scheduling.models import ScheduledTask, TaskRun
from cobranca.scheduling.parameters import shown_parameters
from cobranca.scheduling.registry import TaskType
from cobranca.scheduling.states import ALIVE, RunStatus

ENDED = [(status.value, status.label) for status in RunStatus if status not in ALIVE]


@require_GET
@agency_page("scheduling.view_scheduledtask")
def tasks(request: HttpRequest) -> HttpResponse:
    """List what is scheduled, with the ready models nobody uses yet."""
    agency = agency_of(request)
    models = selectors.missing_models(agency)
    context = {
        "lines": selectors.task_lines(agency, now=clock.now()),
        "ready": [(kind, model) for kind, model in selectors.ready_models() if model in models],
    }
    return render(request, "scheduling/tasks.html", context)


@require_GET
@agency_page("scheduling.view_taskrun")
def running(request: HttpRequest) -> HttpResponse:
    """List what runs and what waits; the list refreshes itself."""
    runs = selectors.alive_runs(agency_of(request))
    return render(request, "scheduling/running.html", {"runs": runs, "now": clock.now()})


@require_GET
@agency_page("scheduling.view_taskrun")
def history(request: HttpRequest) -> HttpResponse:
    """List what ran, newest first, a page at a time."""
    status = request.GET.get("situacao", "")
    runs = selectors.ended_runs(
        agency_of(request),
        before=_number(request, "antes"),
        status=status if status in RunStatus.values else "",
        task_id=_number(request, "tarefa"),
    )
    more = runs[-1].pk if len(runs) == selectors.PAGE else None
    context = {"runs": runs, "more": more, "status": status, "statuses": ENDED}
    return render(request, "scheduling/history.html", context)


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


@require_GET
@agency_page("scheduling.view_taskrun")
def run_detail(request: HttpRequest, run_id: int) -> HttpResponse:
    """Show one run: what it was told, what came of it."""
    run: TaskRun = get_object_or_404(TaskRun.objects.select_related("requested_by"), pk=run_id)
    agency = agency_of(request)
    context = {
        "run": run,
        "type_label": registry.label_of(run.task_type),
        "parameters": shown_parameters(run.task_type, run.parameters, agency=agency),
    }
    return render(request, "scheduling/run.html", context)


@require_http_methods(["GET", "POST"])
@agency_page("scheduling.add_scheduledtask")
def new_task(request: HttpRequest) -> HttpResponse:
    """Schedule a task, from nothing or from a ready model (?modelo=tipo:código)."""
    initial, parameters = _ready_model(request.GET.get("modelo", ""))
    task = ScheduledTask(agency=agency_of(request))
    return _task_page(request, task, initial, parameters)


@require_http_methods(["GET", "POST"])
@agency_page("scheduling.change_scheduledtask")
def edit_task(request: HttpRequest, task_id: int) -> HttpResponse:
    """Change a scheduled task."""
    task: ScheduledTask = get_object_or_404(
        ScheduledTask.objects.select_related("agency"), pk=task_id
    )
    return _task_page(request, task, {}, task.parameters)


def _ready_model(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    for kind, model in selectors.ready_models():
        if name == f"{kind.code}:{model.code}":
            return initial_of(model, kind), dict(model.parameters)
    return {}, {}


def _task_page(
    request: HttpRequest,
    task: ScheduledTask,
    initial: dict[str, Any],
    parameters: dict[str, Any],
) -> HttpResponse:
    """Draw the form, draw it again for another type or frequency, or save it."""
    if request.method == "GET" and REDRAW in request.GET:
        initial, parameters = _typed_so_far(request)
    form = TaskForm(request.POST or None, instance=task, initial=initial)
    kind = _kind_of(request, form)
    given = ParametersForm(kind, task.agency, request.POST or None, initial=parameters)
    if request.method == "POST" and form.is_valid() and given.is_valid():
        try:
            services.save_task(
                task=task, parameters=given.cleaned_data, actor=actor_of(request), now=clock.now()
            )
        except DomainError as error:
            show_error(error, form, given)
        else:
            messages.success(request, f"Tarefa “{task.description}” salva.")
            return redirect("scheduling:tasks")
    context = {"form": form, "parameters": given, "task": task, "redraw": REDRAW}
    return render(request, "scheduling/task.html", context)


def _typed_so_far(request: HttpRequest) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a form about to be drawn again holds; an unchecked box sends nothing."""
    typed = request.GET.dict()
    boxes = {name: name in typed for name in ("is_active", "business_days_only")}
    prefix = f"{ParametersForm.prefix}-"
    given = {name.removeprefix(prefix): v for name, v in typed.items() if name.startswith(prefix)}
    return typed | boxes, given


def _kind_of(request: HttpRequest, form: TaskForm) -> TaskType | None:
    """Return the type whose parameters are shown: the chosen one, else the first."""
    told = request.POST.get("task_type") or form["task_type"].initial or form.instance.task_type
    known = {kind.code: kind for kind in registry.task_types()}
    return known.get(told) or next(iter(known.values()), None)


@require_POST
@agency_page("scheduling.change_scheduledtask")
def switch_task(request: HttpRequest, task_id: int) -> HttpResponse:
    """Switch a task on (ativa=1) or off."""
    task = get_object_or_404(ScheduledTask, pk=task_id)
    is_active = request.POST.get("ativa") == "1"
    services.set_active(task=task, is_active=is_active, actor=actor_of(request), now=clock.now())
    word = "ativada" if is_active else "desativada"
    messages.success(request, f"Tarefa “{task.description}” {word}.")
    return redirect("scheduling:tasks")


@require_POST
@agency_page("scheduling.add_taskrun")
def run_task(request: HttpRequest, task_id: int) -> HttpResponse:
    """Run a task now."""
    task = get_object_or_404(ScheduledTask, pk=task_id)
    try:
        services.run_now(task=task, actor=actor_of(request), now=clock.now())
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("scheduling:tasks")
    messages.success(request, f"Tarefa “{task.description}” posta na fila.")
    return redirect("scheduling:running")


@require_POST
@agency_page("scheduling.delete_scheduledtask")
def delete_task(request: HttpRequest, task_id: int) -> HttpResponse:
    """Delete a task; what it ran stays in the history."""
    task = get_object_or_404(ScheduledTask, pk=task_id)
    services.delete_task(task=task, actor=actor_of(request))
    messages.success(request, f"Tarefa “{task.description}” excluída.")
    return redirect("scheduling:tasks")
