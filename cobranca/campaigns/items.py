"""From an owed installment to what the calculation prices: every rule that has a say in it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from cobranca.calc.charges import Charges, ChargeTerms
from cobranca.calc.discounts import Ceilings
from cobranca.calc.early_payment import early_discount, months_ahead
from cobranca.calc.indexation import Indexer, IndexTerms
from cobranca.calc.money import ZERO
from cobranca.calc.quote import Item
from cobranca.campaigns.rules import CampaignRules, CashRule, InstalmentRule
from cobranca.campaigns.states import PlanKind
from cobranca.campaigns.switches import Switches
from cobranca.common.errors import DomainError
from cobranca.contracts.models import Contract, Installment
from cobranca.contracts.states import InstallmentStatus

NO_CEILINGS = Ceilings()


@dataclass(frozen=True, slots=True)
class ErpRow:
    """What the ERP answered for one installment; without late terms only the early discount
    and the correction count."""

    original: Decimal
    correction: Decimal
    charges: Decimal
    early_discount: Decimal
    has_late_terms: bool
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """How the debtor wants to pay."""

    kind: str = PlanKind.CASH
    parts: int = 1


CASH = Plan()


@dataclass(frozen=True, slots=True)
class DebtRow:
    """One owed installment with what prices it. `delay` is negative before its effective due."""

    installment: Installment
    effective_due: date
    delay: int
    campaign: CampaignRules | None
    cash_rule: CashRule | None
    switches: Switches
    erp: ErpRow | None

    @property
    def contract(self) -> Contract:
        return self.installment.contract

    @property
    def days_late(self) -> int:
        return max(0, self.delay)

    @property
    def is_selectable(self) -> bool:
        """Only what is open can be negotiated; what is in another agreement is shown locked."""
        return self.installment.status == InstallmentStatus.OPEN

    def instalment_rules(self) -> list[InstalmentRule]:
        """Return the brackets of the parcelado that serve this installment."""
        if self.campaign is None:
            return []
        contract = self.contract
        return self.campaign.instalment_rules(
            self.delay, contract.contract_type_id, contract.branch_id
        )


class Pricer:
    """Turns selected rows into what the calculation prices; what rows have in common is made
    once."""

    def __init__(self, plan: Plan, on: date) -> None:
        self.plan = plan
        self.on = on
        self._terms: dict[tuple[int, bool], ChargeTerms] = {}
        self._indexers: dict[tuple[int, bool], Indexer] = {}

    def item(self, row: DebtRow) -> Item:
        """Return one row's item; DomainError at the field at fault."""
        campaign, rule = _campaign_of(row, self.on), _cash_rule(row)
        charges = _erp_charges(row)
        indexer = self._indexer(row, campaign)
        return Item(
            key=row.installment.pk,
            contract=row.contract.number,
            label=row.installment.label or str(row.installment.number),
            due=row.installment.due_date,
            effective_due=row.effective_due,
            original=_original(row),
            correction=_correction(row, indexer),
            charges=charges,
            terms=None if charges is not None else self._charge_terms(rule, row.switches),
            fee_percent=rule.fee_percent if rule and row.delay > 0 else ZERO,
            ceilings=_ceilings(row, rule, self.plan),
            early_discount=_early_discount(row, campaign, self.plan, self.on),
            origin=self._origin(row, campaign, rule, indexer),
        )

    def _charge_terms(self, rule: CashRule | None, switches: Switches) -> ChargeTerms | None:
        if rule is None:
            return None
        key = (rule.id, switches.interest_on_penalty)
        if key not in self._terms:
            self._terms[key] = terms_of(rule, switches)
        return self._terms[key]

    def _indexer(self, row: DebtRow, campaign: CampaignRules) -> Indexer | None:
        """Return what corrects a late row here; None when the ERP tells the correction."""
        if row.erp is not None or campaign.index is None or row.delay <= 0:
            return None
        annual = row.switches.annual_correction
        key = (campaign.id, annual)
        if key not in self._indexers:
            terms = IndexTerms(campaign.index, months_back=campaign.months_back, annual=annual)
            self._indexers[key] = Indexer(terms, self.on)
        return self._indexers[key]

    def _origin(
        self, row: DebtRow, campaign: CampaignRules, rule: CashRule | None, indexer: Indexer | None
    ) -> dict[str, str]:
        """Say where each figure comes from, by the names that the statement knows."""
        named = f"Campanha {campaign.name}"
        bracket = f"{named}, faixa de {rule} dias" if rule else named
        origin = {
            "original": "Saldo informado pelo ERP na última carga",
            "charges": bracket,
            "fee": bracket,
            "discounts": bracket,
            "early_discount": named,
        }
        if indexer is not None:
            origin |= {"correction": named, "index": indexer.explain(row.installment.due_date)}
        if row.erp is not None:
            origin |= _erp_origin(row.erp, self.on)
        return origin


def _erp_origin(told: ErpRow, on: date) -> dict[str, str]:
    erp = f"ERP, saldo de {on:%d/%m/%Y} consultado em {told.fetched_at:%d/%m/%Y}"
    names = ["original", "correction"]
    names += ["charges"] if told.has_late_terms else []
    names += ["early_discount"] if told.early_discount else []
    return dict.fromkeys(names, erp)


def _original(row: DebtRow) -> Decimal:
    """What the ERP says now, less what the office received and the ERP does not know of."""
    if row.erp is None:
        return row.installment.owed
    return max(row.erp.original - row.installment.credit, ZERO)


def _campaign_of(row: DebtRow, on: date) -> CampaignRules:
    if row.campaign is None:
        raise DomainError(
            f"Nenhuma campanha de cálculo vigente em {on:%d/%m/%Y} serve ao contrato "
            f"{row.contract}. Peça ao implementador que cadastre ou ative uma.",
            "campaign",
        )
    return row.campaign


def _cash_rule(row: DebtRow) -> CashRule | None:
    if row.cash_rule is None and row.delay > 0:
        name = row.campaign.name if row.campaign else ""
        raise DomainError(
            f"A campanha {name} não tem faixa à vista para {row.delay} dias de atraso. "
            "Peça ao implementador que complete as faixas.",
            "campaign",
        )
    return row.cash_rule


def terms_of(rule: CashRule, switches: Switches) -> ChargeTerms:
    """Return what a bracket charges for lateness."""
    return ChargeTerms(
        rule.penalty_percent, rule.monthly_interest_percent, switches.interest_on_penalty
    )


def _erp_charges(row: DebtRow) -> Charges | None:
    """The ERP tells charges as one amount: they count as interest (playbook 7.2.5)."""
    if row.erp is None or not row.erp.has_late_terms:
        return None
    return Charges(penalty=ZERO, interest=row.erp.charges)


def _correction(row: DebtRow, indexer: Indexer | None) -> Decimal:
    if row.erp is not None:
        return row.erp.correction
    if indexer is None:
        return ZERO
    return indexer.correction(row.installment.owed, row.installment.due_date)


def _ceilings(row: DebtRow, rule: CashRule | None, plan: Plan) -> Ceilings:
    if plan.kind == PlanKind.INSTALMENTS:
        return instalment_rule(row, plan.parts).ceilings
    return rule.ceilings if rule else NO_CEILINGS


def instalment_rule(row: DebtRow, parts: int) -> InstalmentRule:
    """Return the bracket that lets `row` be paid in `parts`; DomainError names what is allowed."""
    rules = row.instalment_rules()
    for rule in rules:
        if rule.parts_from <= parts <= rule.parts_to:
            return rule
    name = row.campaign.name if row.campaign else ""
    if not rules:
        raise DomainError(
            f"A campanha {name} não parcela dívidas com {row.days_late} dias de atraso.", "parts"
        )
    fewest, most = min(r.parts_from for r in rules), max(r.parts_to for r in rules)
    raise DomainError(f"A campanha {name} parcela esta dívida em {fewest} a {most} vezes.", "parts")


def _early_discount(row: DebtRow, campaign: CampaignRules, plan: Plan, on: date) -> Decimal:
    if plan.kind != PlanKind.CASH or row.delay > 0:
        return ZERO
    if row.erp is not None and row.erp.early_discount:
        return row.erp.early_discount
    if not campaign.early_annual_percent:
        return ZERO
    months = months_ahead(on, row.installment.due_date)
    return early_discount(row.installment.owed, months, campaign.early_annual_percent)
