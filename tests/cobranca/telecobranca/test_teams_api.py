"""REST: teams, distribution, goals and the board do what the screens do."""

from datetime import timedelta

import pytest

from cobranca.common import clock
from cobranca.telecobranca.models import ContractAssignment, Distribution, Goal, QueueEntry
from tests.cobranca.telecobranca.teaming import make_office, make_team, owing
from tests.cobranca.telecobranca.test_board import hold, queue  # noqa: F401
from tests.cobranca.telecobranca.test_goals import contact

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture
def api(api_for, supervisor):
    return api_for(supervisor)


def sent(api, path, body=None, status=200, verb="post"):
    answer = getattr(api, verb)(f"{API}/{path}/", body or {}, format="json")
    assert answer.status_code == status, answer.content
    return answer.json() if answer.content else None


def test_a_team_from_its_making_to_its_closing(api, in_scope, collector):
    made = sent(
        api,
        "teams",
        {"name": "Sul", "kind": "external", "document": "11.222.333/0001-81",
         "members": [collector.pk]},
        201,
    )  # fmt: skip
    assert (made["document"], made["members"]) == ("11222333000181", [collector.pk])

    renamed = sent(api, f"teams/{made['id']}", {"name": "Sudeste"}, verb="patch")
    assert (renamed["name"], renamed["members"]) == ("Sudeste", [collector.pk])
    assert sent(api, f"teams/{made['id']}", {"members": []}, verb="patch")["members"] == []
    assert sent(api, f"teams/{made['id']}/close")["is_active"] is False
    assert sent(api, f"teams/{made['id']}/reopen")["is_active"] is True
    assert api.get(f"{API}/teams/?is_active=false").json()["results"] == []


def test_a_refusal_names_its_field(api, in_scope, stranger):
    answer = sent(api, "teams", {"name": "Sul", "kind": "external"}, 400)
    assert answer["errors"] == {"document": ["Informe o CNPJ do escritório."]}
    answer = sent(api, "teams", {"name": "Sul", "members": [stranger.pk]}, 400)
    assert "members" in answer["errors"]


def test_a_distribution_from_its_preview_to_its_undoing(api, in_scope, agency, creditor):
    blue, green = make_team(agency, "Azul"), make_office(agency)
    for amount in ("300", "200", "100"):
        owing(creditor, [amount])
    plan = {
        "mode": "even",
        "criteria": {"creditor": creditor.pk, "min_total": "150.00"},
        "targets": [{"team": blue.pk}, {"team": green.pk}],
    }

    seen = sent(api, "distributions/preview", plan)
    assert (seen["debtors"], seen["contracts"], seen["total"]) == (2, 2, "500.00")
    assert [share["total"] for share in seen["shares"]] == ["300.00", "200.00"]
    assert not ContractAssignment.objects.exists()
    changed = sent(api, "distributions", {**plan, "digest": "x"}, 409)
    assert "mudou desde a prévia" in changed["detail"]
    made = sent(api, "distributions", {**plan, "digest": seen["digest"]}, 201)
    assert (made["debtor_count"], made["contract_count"]) == (2, 2)
    listed = api.get(f"{API}/assignments/?team={blue.pk}").json()["results"]
    assert [row["contract"] for row in listed] == [
        ContractAssignment.objects.get(team=blue).contract_id
    ]
    undone = sent(api, f"distributions/{made['id']}/undo")
    assert undone["restored"] == 2
    assert not ContractAssignment.objects.exists()


def test_by_percentage(api, in_scope, agency, creditor, collector):
    team = make_team(agency)
    collector.team = team
    collector.save()
    for _ in range(4):
        owing(creditor, ["100"])

    seen = sent(
        api,
        "distributions/preview",
        {"mode": "percent", "targets": [
            {"team": team.pk, "collector": collector.pk, "percent": "75"},
            {"team": team.pk, "percent": "25"},
        ]},
    )  # fmt: skip

    assert [share["debtors"] for share in seen["shares"]] == [3, 1]


@pytest.mark.parametrize("body", [
    {"mode": "move", "targets": []},
    {"mode": "even"},
    {"mode": "nobody"},
    {"mode": "even", "criteria": {"colour": "blue"}},
    {"mode": "even", "criteria": {"min_days_late": 10**9}, "targets": []},
])  # fmt: skip
def test_plans_that_make_no_sense_are_refused(api, in_scope, body):
    sent(api, "distributions/preview", body, 400)


def test_goals_are_told_copied_and_measured(api, in_scope, collector, debtor):
    today = clock.today()
    last = (today.replace(day=1) - timedelta(days=1)).isoformat()
    told = {"collector": collector.pk, "month": last, "metric": "contacts", "amount": "2.00"}
    goal = sent(api, "goals", told, 201)
    assert goal["month"] == f"{last[:7]}-01"
    sent(api, f"goals/{goal['id']}", {"amount": "4.00"}, verb="patch")
    contact(debtor, collector, clock.now())

    assert sent(api, "goals/copy", {"month": today.isoformat()}) == {"copied": 1}
    (line,) = api.get(f"{API}/goals/progress/?month={today.isoformat()}").json()
    assert (line["goal"]["collector"], line["done"], line["percent"]) == (collector.pk, "1.00", 25)
    sent(api, f"goals/{goal['id']}", status=204, verb="delete")
    assert Goal.objects.count() == 1
    assert api.get(f"{API}/goals/progress/?x=1").status_code == 400


def test_a_goal_of_a_stranger_is_refused(api, in_scope, stranger):
    told = {"collector": stranger.pk, "month": "2026-05-01", "metric": "contacts", "amount": "1"}

    assert "collector" in sent(api, "goals", told, 400)["errors"]


def test_the_board_and_taking_back(api, queue, collector, debtor):  # noqa: F811
    hold(queue, debtor, collector, now=clock.now())

    board = sent(api, "board", verb="get")
    (person,) = [p for team in board["teams"] for p in team["people"] if p["hold"]]
    assert (person["user"], person["hold"]["debtor"]) == (collector.pk, debtor.pk)
    assert board["teams"][-1]["team"] is None
    taken = sent(api, "board/take-back", {"debtor": debtor.pk})

    assert taken == {"debtor": debtor.pk, "holder": collector.pk}
    assert QueueEntry.objects.get().held_by is None


READS = ("teams", "assignments", "distributions", "goals", "board")
WRITES = (
    "teams", "distributions/preview", "distributions", "goals", "goals/copy", "board/take-back",
)  # fmt: skip


@pytest.mark.parametrize(("role", "reads"), [("collector", 403), ("auditor", 200)])
def test_what_each_role_may(api_for, in_scope, request, role, reads):
    api = api_for(request.getfixturevalue(role))

    for path in READS:
        sent(api, path, status=reads, verb="get")
    for path in WRITES:
        expected = 400 if reads == 200 and path == "distributions/preview" else 403
        sent(api, path, status=expected)
    assert not Distribution.objects.exists()
