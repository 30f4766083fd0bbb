"""Two supervisors give out the same debtors at once: one does, the other looks again.

With the negative control: without the lock both believe to have found everybody free, and what
the loser remembers as "before" is wrong, so that nobody could undo it.
"""

from collections.abc import Callable
from threading import Barrier

import pytest

from cobranca.telecobranca.distribution import preview
from cobranca.telecobranca.models import ContractAssignment, DistributionChange
from cobranca.telecobranca.services import distributing
from tests.cobranca.telecobranca.teaming import NOW, TODAY, make_team, owing, plan_of
from tests.concurrency.rivals import RACES, contest, refusal_of, winners

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def rivals(office, agency, creditor, supervisor, implementer) -> Callable[[], list]:
    """Return the giving out of everybody who is free, by two, each to their own team."""
    teams = [make_team(agency, "Azul"), make_team(agency, "Verde")]

    def calls() -> list[Callable[[], object]]:
        for amount in ("300", "200", "100"):
            owing(creditor, [amount])
        return [
            giving(plan_of(team, mode="one"), actor)
            for team, actor in zip(teams, (supervisor, implementer), strict=True)
        ]

    def giving(plan, actor) -> Callable[[], object]:
        digest = preview(agency.pk, plan, TODAY).digest
        return lambda: distributing.distribute(
            agency=agency, plan=plan, digest=digest, actor=actor, on=TODAY, at=NOW
        )

    return calls


def test_one_of_two_supervisors_distributes_and_the_other_is_told(agency, rivals):
    for _ in range(RACES):
        outcome = contest(agency, *rivals())

        assert winners(outcome) == 1
        assert "mudou desde a prévia" in refusal_of(outcome)
        made = next(each for each in outcome if isinstance(each, distributing.Distribution))
        assert made.contract_count == 3
        assert DistributionChange.objects.filter(distribution=made).count() == 3
        assert ContractAssignment.objects.filter(assigned_by=made.made_by).count() % 3 == 0
        teams = ContractAssignment.objects.filter(
            contract__in=made.changes.values("contract")
        ).values_list("team", flat=True)
        assert len(set(teams)) == 1


def test_without_the_lock_both_find_everybody_free(agency, rivals, monkeypatch):
    calls, looked = rivals(), Barrier(2)
    begin = distributing._begin

    def begin_together(*args):
        looked.wait(timeout=10)
        return begin(*args)

    monkeypatch.setattr(distributing, "lock_assignments", lambda agency_id: None)
    monkeypatch.setattr(distributing, "_begin", begin_together)

    outcome = contest(agency, *calls)

    assert winners(outcome) == 2
    # Each claims to have found them with nobody: three contracts, six changes from nothing.
    assert DistributionChange.objects.filter(team_before=None).count() == 6
    assert ContractAssignment.objects.count() == 3
