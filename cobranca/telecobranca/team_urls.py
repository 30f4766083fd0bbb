"""Addresses of the section Equipe: board, distribution, goals, teams."""

from django.urls import path

from cobranca.telecobranca import board_views, distribution_views, goal_views, team_views

team_urls = [
    path("quadro/", board_views.board, name="board"),
    path("quadro/lista/<slug:figure>/", board_views.board_list, name="board_list"),
    path("quadro/retomar/<int:debtor_id>/", board_views.take, name="board_take"),
    path("distribuicao/", distribution_views.distribution, name="distribution"),
    path(
        "distribuicao/<int:distribution_id>/desfazer/",
        distribution_views.undo,
        name="undo_distribution",
    ),
    path("metas/", goal_views.goals, name="goals"),
    path("metas/nova/", goal_views.new_goal, name="new_goal"),
    path("metas/copiar/", goal_views.copy_last_month, name="copy_goals"),
    path("metas/<int:goal_id>/", goal_views.edit_goal, name="goal"),
    path("metas/<int:goal_id>/excluir/", goal_views.remove_goal, name="delete_goal"),
    path("equipes/", team_views.teams, name="teams"),
    path("equipes/nova/", team_views.new_team, name="new_team"),
    path("equipes/<int:team_id>/", team_views.edit_team, name="team"),
    path("equipes/<int:team_id>/situacao/", team_views.switch_team, name="switch_team"),
]
