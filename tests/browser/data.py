"""A small portfolio to look at: one debtor with everything, a few dozen around her."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django_scopes import scope

from cobranca.accounts.models import Agency, User
from cobranca.agreements.models import Agreement
from cobranca.campaigns.models import Campaign, IndexSeries
from cobranca.campaigns.services import save_brackets, save_index_values
from cobranca.common import clock
from cobranca.contracts.models import (
    Contract,
    Event,
    EventKind,
    Installment,
    Payment,
    Recall,
)
from cobranca.contracts.summary import refresh_summaries
from cobranca.creditors.models import Branch, ContractTypeAttribute, Creditor
from cobranca.debtors.models import Address, Debtor, EmailAddress, Phone, RelatedPerson
from integrations.core.models import ImportRun, IntegrationLog, WebhookDelivery
from tests import factories, playbook
from tests.browser import (
    agreements,
    announcements,
    back_office,
    budgets,
    subscriptions,
    teams,
    work,
)
from tests.browser.law import refuse_contacts
from tests.cobranca.campaigns.making import cash, make_campaign, make_series, parcels

FIRST = (
    *("Ana Luíza", "Antônio", "Beatriz", "Caíque", "Débora", "Edson", "Fátima", "Gílson"),
    *("Helena", "Inácio", "Joana", "Kátia", "Leônidas", "Márcia", "Nélson", "Olívia"),
)
LAST = (
    "Gonçalves da Silva",
    "Araújo",
    "Conceição dos Santos",
    "Müller",
    "de Sá Peixoto",
    "Brandão",
)
RESULT = "Carga Sienge"


@dataclass
class FullDebtor:
    """Someone with everything a page can show."""

    debtor: Debtor
    contract: Contract


@dataclass
class Portfolio(FullDebtor):
    """What tests look for on the pages."""

    run: ImportRun
    campaign: Campaign
    series: IndexSeries
    agreement: Agreement
    announcement: WebhookDelivery
    work: work.Work
    log: IntegrationLog


def build(agency: Agency, creditor: Creditor, actor: User, others: int = 40) -> Portfolio:
    """Fill an agency with debtors, events, imports and logs."""
    full = full_debtor(creditor, actor)
    with scope(agency=agency):
        playbook.campaign_of(creditor, max_discount_principal=Decimal(20))
        rest = [_plain_debtor(agency, creditor, number) for number in range(others)]
        refresh_summaries([other.pk for other in rest])
        refuse_contacts([full.debtor, *rest[:5]], actor)
        agreement = agreements.build_agreements(rest, actor)
        run = back_office.build_imports(creditor, actor)
        log = back_office.build_logs(creditor, run, full.contract.number)
        parked = announcements.build_announcements(agency, full.contract.number)
        budgets.build_budget(agency, actor)
        subscriptions.build_subscription(creditor, rest[0].contracts.get())
        series = build_series(agency)
        campaign = build_campaign(creditor, series)
        done = work.build_work(full.contract, actor)
        teams.build_teams(agency, rest, actor)
    return Portfolio(
        *(full.debtor, full.contract, run, campaign, series, agreement, parked), done, log
    )


def build_series(agency: Agency) -> IndexSeries:
    """Make an index of three years."""
    series = make_series(agency, name="IGP-M", sgs_code=189)
    months = [date(2023 + number // 12, number % 12 + 1, 1) for number in range(36)]
    values = {month: Decimal(month.month * 7 - 30) / 100 for month in months}
    save_index_values(series, values, "Banco Central")
    return series


def build_campaign(creditor: Creditor, series: IndexSeries) -> Campaign:
    """Make a campaign with brackets of both kinds."""
    campaign = make_campaign(creditor, name="Carteira própria", index=series, is_portal=True)
    fee = {"fee_percent": Decimal(10), "pass_on_fee": Decimal(30)}
    spans = ((-9999, 0), (1, 30), (31, 90), (91, 180), (181, 9999))
    save_brackets(
        campaign=campaign,
        cash=[
            cash(*span, **fee, max_discount_interest=Decimal(10 * number))
            for number, span in enumerate(spans)
        ],
        instalments=[parcels(1, 9999, (2, 12)), parcels(1, 9999, (13, 60))],
        actor=None,
    )
    return campaign


def full_debtor(creditor: Creditor, actor: User) -> FullDebtor:
    """Make a debtor with phones, contracts, receipts, events."""
    with scope(agency=creditor.agency):
        branch = Branch.objects.filter(creditor=creditor, code="14").first() or (
            factories.make_branch(creditor, code="14", name="Residencial Aurora", acronym="RAU")
        )
        debtor, contract = _full_debtor(creditor.agency, creditor, branch, actor)
        refresh_summaries([debtor.pk])
        return FullDebtor(debtor, contract)


def _full_debtor(
    agency: Agency, creditor: Creditor, branch: Branch, actor: User
) -> tuple[Debtor, Contract]:
    debtor = factories.make_debtor(
        agency,
        name="Conceição Aparecida Gonçalves de Araújo",
        birth_date=date(1979, 5, 14),
        details={"Profissão": "Arquiteta", "Estado civil": "Casada", "RG": "4.512.337 SSP/SC"},
    )
    own = {"agency": agency, "debtor": debtor}
    for number, kind, main, active, source in (
        ("27999249180", "mobile", True, True, "erp"),
        ("2731314150", "home", False, True, "erp"),
        ("27997711508", "mobile", False, False, "user"),
    ):
        Phone.objects.create(
            **own, number=number, kind=kind, is_main=main, is_active=active, source=source
        )
    EmailAddress.objects.create(**own, email="conceicao.araujo@exemplo.com.br", is_main=True)
    Address.objects.create(
        **own,
        street="Rua das Palmeiras",
        street_number="120",
        complement="apto 702",
        district="Praia do Canto",
        city="Vitória",
        state="ES",
        postal_code="29055210",
        fingerprint="aurora",
        source="erp",
        is_main=True,
    )
    RelatedPerson.objects.create(
        **own, role="spouse", name="Paulo Henrique de Araújo", document=factories.cpf(777_001)
    )
    contract = _long_contract(creditor, debtor, branch)
    _second_contract(creditor, debtor, branch)
    _events(debtor, contract, actor)
    return debtor, contract


def _long_contract(creditor: Creditor, debtor: Debtor, branch: Branch) -> Contract:
    today = clock.today()
    contract = factories.make_contract(
        creditor,
        debtor,
        number="3712",
        external_id=f"3712-{debtor.pk}",
        document_number="CT.3712",
        branch=branch,
        unit="Torre B · apto 1204",
        issued_on=today - timedelta(days=900),
        attributes={"area": "87,40 m²", "registry": "88.214"},
    )
    own = {"agency": creditor.agency, "contract_type": contract.contract_type}
    ContractTypeAttribute.objects.get_or_create(**own, key="area", label="Área privativa")
    ContractTypeAttribute.objects.get_or_create(**own, key="registry", label="Matrícula")
    _negotiated(contract, today - timedelta(days=900))
    rows = []
    for number in range(1, 181):
        due = today + timedelta(days=30 * (number - 40))
        rows.append(_installment(contract, number, 180, due))
    Installment.objects.bulk_create(rows)
    Payment.objects.create(
        agency=creditor.agency,
        contract=contract,
        number=37,
        paid_on=today - timedelta(days=60),
        kind="Recebimento",
        gross=Decimal("434.52"),
        net=Decimal("434.52"),
    )
    return contract


def _installment(contract: Contract, number: int, count: int, due: date) -> Installment:
    status = "open" if number >= 35 else ("recalled" if number % 9 == 0 else "settled")
    status = "negotiated" if number == 35 else status
    principal = Decimal("920.80") if number % 12 else Decimal("4500.00")
    balance = Decimal("486.28") if number == 37 else principal
    return Installment(
        agency=contract.agency,
        contract=contract,
        number=number,
        label=f"{number}/{count}",
        due_date=due,
        principal=principal,
        balance=balance if number >= 35 else Decimal(0),
        note="PM" if number % 12 else "BA",
        status=status,
        has_boleto=35 < number < 44,
    )


def _second_contract(creditor: Creditor, debtor: Debtor, branch: Branch) -> None:
    today = clock.today()
    contract = factories.make_contract(
        creditor,
        debtor,
        number="295",
        external_id=f"295-{debtor.pk}",
        kind="standalone",
        unit="Vaga 88",
        branch=branch,
    )
    _negotiated(contract, today - timedelta(days=300))
    for number in (1, 2, 3):
        factories.make_installment(
            contract,
            number,
            label=str(number),
            due_date=today - timedelta(days=12 + 30 * (3 - number)),
            principal=Decimal("1000.00"),
        )
    finished = factories.make_contract(
        creditor, debtor, number="118", unit="Torre A · apto 301", status="finished", branch=branch,
        finished_on=today - timedelta(days=200),
    )  # fmt: skip
    _negotiated(finished, today - timedelta(days=1500))
    factories.make_installment(
        finished, 1, status="recalled", due_date=today - timedelta(days=400), balance=Decimal(0)
    )
    Recall.objects.create(
        agency=creditor.agency, contract=finished, number=1, recalled_on=today, note="Batimento"
    )


def _negotiated(contract: Contract, day: date) -> None:
    contract.negotiations.filter(number=1).update(started_on=day)


def _events(debtor: Debtor, contract: Contract, actor: User) -> None:
    now = clock.now()
    for hours, kind, title, text, is_person in _told():
        Event.objects.create(
            agency=debtor.agency,
            debtor=debtor,
            contract=contract if "3712" in text else None,
            kind=kind,
            title=title,
            text=text,
            actor=actor if is_person else None,
            happened_at=now - timedelta(hours=hours),
        )


def _told() -> list[tuple[float, str, str, str, bool]]:
    """Return hours ago, kind, title, text, and whether a person did it."""
    many = ", ".join(str(number) for number in range(1, 150))
    paid = "Valor: R$ 434,52\nContrato: 3712\nParcela: 37 Saldo Parcial: R$ 486,28\nRecebimento"
    recalled = f"Renegociação\nContrato: 3712 Parcela(s): {many}"
    included = f"{RESULT}\nInclusão de contrato 3712: 180 parcela(s), R$ 190.382,00 em aberto"
    asked = "Falei com a cliente: pediu boleto da 38 por e-mail até sexta."
    return [
        (2, EventKind.NOTE, "", asked, True),
        (5, EventKind.IMPORT, "Importação", f"{RESULT}\nAtualização Contrato 3712", False),
        (29, EventKind.DIRECT_PAYMENT, "Pagamento Direto", paid, False),
        (53, EventKind.CONTACT_DATA, "Telefone inativado", "(27) 99771-1508 · Móvel", True),
        (77, EventKind.RECALL, "Devolução", recalled, False),
        (200, EventKind.TRANSFER, "Cessão de direitos", "Contrato 3712 recebido.", False),
        (900, EventKind.IMPORT, "Importação", included, False),
        *((1000 + 24 * n, EventKind.NOTE, "", f"Ligação {n}: recado.", True) for n in range(40)),
    ]


def _plain_debtor(agency: Agency, creditor: Creditor, number: int) -> Debtor:
    name = f"{FIRST[number % len(FIRST)]} {LAST[number % len(LAST)]}"
    debtor = factories.make_debtor(agency, name=name)
    Phone.objects.create(
        agency=agency, debtor=debtor, number=f"48{991000000 + number * 7919}", kind="mobile"
    )
    contract = factories.make_contract(
        creditor, debtor, number=str(5000 + number), unit=f"Quadra {number % 7} lote {number}"
    )
    _negotiated(contract, clock.today() - timedelta(days=400))
    for each in range(1, 4 + number % 5):
        factories.make_installment(
            contract,
            each,
            label=f"{each}/36",
            due_date=clock.today() - timedelta(days=11 * number + 30 * (each - 2)),
            principal=Decimal(700 + 37 * number) + Decimal("0.45"),
        )
    return debtor
