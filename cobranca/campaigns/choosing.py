"""Which campaign prices a contract on a day, and why not another: the rule of `choose` in words."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from cobranca.campaigns.models import Campaign
from cobranca.contracts.models import Contract
from cobranca.creditors.models import Branch, ContractType

ALL = "todos"


@dataclass(frozen=True)
class Condition:
    """One condition of a campaign, and whether the contract meets it."""

    holds: bool
    text: str


@dataclass(frozen=True)
class Candidate:
    """A campaign of the creditor before one contract."""

    campaign: Campaign
    conditions: list[Condition]
    is_chosen: bool
    verdict: str


@dataclass(frozen=True)
class Choice:
    """A contract with every campaign of its creditor, in the order in which they are asked."""

    contract: Contract
    candidates: list[Candidate]

    @property
    def chosen(self) -> Campaign | None:
        return next((each.campaign for each in self.candidates if each.is_chosen), None)


def campaign_choices(contracts: Collection[Contract], on: date) -> list[Choice]:
    """Return for each contract what `rules.choose` picks on a day, with three queries in all."""
    creditors = {contract.creditor_id for contract in contracts}
    campaigns = list(Campaign.objects.filter(creditor__in=creditors).order_by("-priority", "pk"))
    types = _names(ContractType.objects.filter(agency__in={c.agency_id for c in contracts}))
    branches = _names(Branch.objects.filter(creditor__in=creditors))
    names = types, branches
    return [Choice(contract, _candidates(contract, campaigns, on, names)) for contract in contracts]


def _names(rows: Iterable[Branch | ContractType]) -> dict[int, str]:
    return {row.pk: str(row) for row in rows}


def _candidates(
    contract: Contract,
    campaigns: Iterable[Campaign],
    on: date,
    names: tuple[Mapping[int, str], Mapping[int, str]],
) -> list[Candidate]:
    found: list[Candidate] = []
    best: Campaign | None = None
    for campaign in campaigns:
        if campaign.creditor_id != contract.creditor_id:
            continue
        conditions = _conditions(campaign, contract, on, names)
        serves = all(condition.holds for condition in conditions)
        is_chosen = serves and best is None
        found.append(Candidate(campaign, conditions, is_chosen, _verdict(serves, best, campaign)))
        best = campaign if is_chosen else best
    return found


def _conditions(
    campaign: Campaign,
    contract: Contract,
    on: date,
    names: tuple[Mapping[int, str], Mapping[int, str]],
) -> list[Condition]:
    ends = campaign.valid_to
    in_time = campaign.valid_from <= on and (ends is None or on <= ends)
    until = f"até {ends:%d/%m/%Y}" if ends else "sem fim"
    types, branches = campaign.contract_type_ids, campaign.branch_ids
    return [
        Condition(campaign.is_active, "Em uso" if campaign.is_active else "Fora de uso"),
        Condition(in_time, f"Vigente de {campaign.valid_from:%d/%m/%Y} {until}"),
        Condition(
            not types or contract.contract_type_id in types,
            f"Tipo de contrato: {_listed(types, names[0])}",
        ),
        Condition(
            not branches or contract.branch_id in branches,
            f"Filial: {_listed(branches, names[1]) if branches else 'todas'}",
        ),
    ]


def _listed(keys: Iterable[int], names: Mapping[int, str]) -> str:
    return ", ".join(names.get(key, "excluído") for key in keys) or ALL


def _verdict(serves: bool, best: Campaign | None, campaign: Campaign) -> str:
    if not serves:
        return "Não serve"
    if best is None:
        return "Usada"
    if best.priority > campaign.priority:
        return f"Serviria, mas “{best.name}” tem prioridade maior ({best.priority})"
    return f"Serviria, mas “{best.name}” é mais antiga, de mesma prioridade"
