"""Equipe › Equipes: teams and external offices, who works there, and their closing."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cobranca.accounts.access import actor_of, agency_of, agency_page
from cobranca.accounts.models import Team
from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.telecobranca.distribution import team_loads
from cobranca.telecobranca.services.teams import close_team, reopen_team, save_team, set_members
from cobranca.telecobranca.team_forms import CloseForm, TeamForm


@require_GET
@agency_page("accounts.view_team")
def teams(request: HttpRequest) -> HttpResponse:
    """List the teams with their people and what each works."""
    found = Team.objects.select_related("supervisor").prefetch_related("members")
    loads = team_loads()
    lines = [
        {"team": team, "people": list(team.members.all()), "load": loads.get(team.pk, 0)}
        for team in found.order_by("-is_active", "-kind", "name")
    ]
    return render(request, "telecobranca/teams/list.html", {"lines": lines})


@require_http_methods(["GET", "POST"])
@agency_page("accounts.add_team")
def new_team(request: HttpRequest) -> HttpResponse:
    """Make a team."""
    return _team_page(request, Team(agency=agency_of(request)))


@require_http_methods(["GET", "POST"])
@agency_page("accounts.change_team")
def edit_team(request: HttpRequest, team_id: int) -> HttpResponse:
    """Change a team and its people."""
    return _team_page(request, _team_or_404(team_id))


def _team_or_404(team_id: int) -> Team:
    found: Team = get_object_or_404(Team.objects.select_related("agency", "supervisor"), pk=team_id)
    return found


def _team_page(request: HttpRequest, team: Team) -> HttpResponse:
    form = TeamForm(request.POST or None, team)
    if request.method == "POST" and form.is_valid() and _saved(request, form, team):
        messages.success(request, f"Equipe “{team}” salva.")
        return redirect("telecobranca:teams")
    context: dict[str, Any] = {"form": form, "team": team}
    if team.pk:
        context["load"] = team_loads().get(team.pk, 0)
        context["close_form"] = CloseForm(None, _others(team))
    return render(request, "telecobranca/teams/form.html", context)


def _saved(request: HttpRequest, form: TeamForm, team: Team) -> bool:
    actor = actor_of(request)
    people = [user.pk for user in form.cleaned_data["members"]]
    try:
        with transaction.atomic():
            save_team(team=form.fill(team), actor=actor)
            set_members(team=team, member_ids=people, actor=actor)
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return False
    return True


def _others(team: Team) -> Any:
    return Team.objects.filter(is_active=True).exclude(pk=team.pk).order_by("name")


@require_POST
@agency_page("accounts.change_team", "telecobranca.change_contractassignment")
def switch_team(request: HttpRequest, team_id: int) -> HttpResponse:
    """Close a team (its contracts go where `destination` says), or put it back to work."""
    team = _team_or_404(team_id)
    actor = actor_of(request)
    if request.POST.get("ativa") == "1":
        reopen_team(team=team, actor=actor)
        messages.success(request, f"Equipe “{team}” reativada.")
        return redirect("telecobranca:teams")
    form = CloseForm(request.POST, _others(team))
    if not form.is_valid():
        messages.error(request, "Escolha para onde vão os contratos da equipe.")
        return redirect("telecobranca:team", team.pk)
    try:
        close_team(team=team, actor=actor, on=clock.today(), at=clock.now(), **form.told)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("telecobranca:team", team.pk)
    messages.success(request, f"Equipe “{team}” desativada.")
    return redirect("telecobranca:teams")
