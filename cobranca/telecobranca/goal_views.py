"""Equipe › Metas: what is expected in a month, and what was really done of it."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cobranca.accounts.access import actor_of, agency_of, agency_page
from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.telecobranca.distribution import office_of
from cobranca.telecobranca.goals import goal_lines, month_after
from cobranca.telecobranca.models import Goal, GoalMetric
from cobranca.telecobranca.services.goals import copy_goals, delete_goal, save_goal
from cobranca.telecobranca.team_forms import GoalForm, read_month


@require_GET
@agency_page("telecobranca.view_goal")
def goals(request: HttpRequest) -> HttpResponse:
    """Show a month's goals with their progress."""
    today = clock.today()
    month = read_month(request.GET.get("mes", ""), today)
    lines = goal_lines(agency_of(request).pk, month, today, office_of(actor_of(request)))
    context = {
        "lines": lines,
        "month": month,
        "before": month_after(month, -1) if month.year > 1 else None,
        "after": month_after(month, 1) if month.year < date.max.year else None,
        "is_to_come": month > today,
        "now": clock.now(),
    }
    return render(request, "telecobranca/teams/goals.html", context)


@require_http_methods(["GET", "POST"])
@agency_page("telecobranca.add_goal")
def new_goal(request: HttpRequest) -> HttpResponse:
    """Tell what is expected of a team or a collector."""
    month = read_month(request.GET.get("mes", ""), clock.today())
    goal = Goal(agency=agency_of(request), month=month, metric=GoalMetric.RECOVERED)
    return _goal_page(request, goal)


@require_http_methods(["GET", "POST"])
@agency_page("telecobranca.change_goal")
def edit_goal(request: HttpRequest, goal_id: int) -> HttpResponse:
    """Change what is expected."""
    found = Goal.objects.select_related("agency", "team", "collector")
    return _goal_page(request, get_object_or_404(found, pk=goal_id))


def _goal_page(request: HttpRequest, goal: Goal) -> HttpResponse:
    form = GoalForm(request.POST or None, goal)
    if request.method == "POST" and form.is_valid():
        try:
            save_goal(goal=form.fill(goal), actor=actor_of(request))
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else "who", error.message)
        else:
            messages.success(request, "Meta salva.")
            return _to_month(goal.month)
    return render(request, "telecobranca/teams/goal.html", {"form": form, "goal": goal})


def _to_month(month: date) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('telecobranca:goals')}?mes={month:%Y-%m}")


@require_POST
@agency_page("telecobranca.delete_goal")
def remove_goal(request: HttpRequest, goal_id: int) -> HttpResponse:
    """Take a goal back."""
    found = Goal.objects.select_related("agency", "team", "collector")
    goal: Goal = get_object_or_404(found, pk=goal_id)
    month = goal.month
    delete_goal(goal=goal, actor=actor_of(request))
    messages.success(request, "Meta excluída.")
    return _to_month(month)


@require_POST
@agency_page("telecobranca.add_goal")
def copy_last_month(request: HttpRequest) -> HttpResponse:
    """Expect of a month what was expected of the one before."""
    month = read_month(request.POST.get("mes", ""), clock.today())
    if month.year == 1:
        return redirect("telecobranca:goals")
    copied = copy_goals(agency=agency_of(request), month=month, actor=actor_of(request))
    if copied:
        said = "1 meta copiada" if copied == 1 else f"{copied} metas copiadas"
        messages.success(request, f"{said} do mês anterior.")
    else:
        messages.warning(request, "O mês anterior não tem metas que faltem neste.")
    return _to_month(month)
