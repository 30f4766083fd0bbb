"""A portfolio to distribute, and what people did with it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from cobranca.accounts.models import Agency, Team, TeamKind, User
from cobranca.contracts.models import Contract
from cobranca.contracts.summary import refresh_summaries
from cobranca.debtors.models import Debtor
from cobranca.telecobranca.distribution import Criteria, Plan, Target, preview
from cobranca.telecobranca.models import ContractAssignment, Distribution
from cobranca.telecobranca.services.distributing import distribute
from tests import factories

TODAY = date(2026, 5, 20)
NOW = datetime(2026, 5, 20, 15, 0, tzinfo=UTC)


def make_team(agency: Agency, name: str = "", **fields: Any) -> Team:
    name = name or f"Equipe {factories.next_number()}"
    return Team.objects.create(agency=agency, name=name, **fields)


def make_office(agency: Agency, name: str = "Escritório Sul") -> Team:
    document = factories.cnpj(factories.next_number())
    return make_team(agency, name, kind=TeamKind.EXTERNAL, document=document)


def owing(creditor: Any, amounts: Sequence[str | Decimal]) -> Debtor:
    """Make a debtor with one late contract an amount."""
    debtor = factories.make_debtor(creditor.agency)
    for amount in amounts:
        owe_more(creditor, debtor, amount)
    refresh_summaries([debtor.pk])
    return debtor


def owe_more(creditor: Any, debtor: Debtor, amount: str | Decimal, **fields: Any) -> Contract:
    contract = factories.make_contract(creditor, debtor, **fields)
    factories.make_installment(contract, principal=Decimal(amount))
    refresh_summaries([debtor.pk])
    return contract


def plan_of(*targets: Team | User, mode: str = "even", **criteria: Any) -> Plan:
    """Return a plan; a user stands for themselves in their team."""
    aimed = tuple(Target(t.team, t) if isinstance(t, User) else Target(t) for t in targets)
    return Plan(Criteria(**criteria), mode, aimed)


def carry_out(plan: Plan, actor: User, at: datetime = NOW) -> Distribution:
    """Look at a plan and apply just that."""
    seen = preview(actor.agency_id, plan, TODAY)
    return distribute(
        agency=actor.agency, plan=plan, digest=seen.digest, actor=actor, on=TODAY, at=at
    )


def hands() -> dict[int, tuple[int, int | None]]:
    """Return who works each contract: contract → (team, collector)."""
    rows = ContractAssignment.objects.values_list("contract", "team", "collector")
    return {contract: (team, collector) for contract, team, collector in rows}


def whole_rows() -> list[dict[str, Any]]:
    """Return every assignment as it stands, keys of the rows apart."""
    columns = ("contract", "team", "collector", "assigned_by", "assigned_at")
    return list(ContractAssignment.objects.order_by("contract").values(*columns))
