"""The company, contract and customers of the reference's examples, present in every world."""

from datetime import date, datetime, time
from decimal import Decimal

from integrations.sandbox.dates import monthly_dates
from integrations.sienge.sandbox import model as m
from integrations.sienge.sandbox.generation.plans import add_line
from integrations.sienge.sandbox.world import World

COMPANY, ENTERPRISE, UNIT, CONTRACT, BILL = 17, 42, 1304, 812, 5600
CUSTOMER, FIRM, MOVEMENT = 3431, 3500, 88001

_CNPJ = "11.222.333/0001-81"
_NAME = "RESIDENCIAL EXEMPLO"
_BASE = date(2026, 5, 1)
_SIGNED = date(2026, 5, 28)
_DELIVERY = date(2027, 12, 31)


def add_reference_case(world: World) -> None:
    """Add company 17 with contract 812 and bill 5600: 1 AT paid, 36 PM and 1 CH open."""
    account = m.Account("12345-6", "CTACOBRANCA", "0001", "001", "BANCO DO BRASIL S.A.")
    name = "INCORPORADORA EXEMPLO SPE LTDA"
    world.companies[COMPANY] = m.Company(COMPANY, name, _NAME, _CNPJ, account)
    world.enterprises[ENTERPRISE] = _enterprise()
    world.units[UNIT] = _unit()
    world.customers[CUSTOMER] = _customer()
    world.customers[FIRM] = _firm()
    world.contracts[CONTRACT] = contract = _contract()
    world.add_bill(_bill(contract))


def _enterprise() -> m.Enterprise:
    return m.Enterprise(
        id=ENTERPRISE,
        company_id=COMPANY,
        name=_NAME,
        cnpj=_CNPJ,
        address={
            "streetName": "Rua Fictícia",
            "number": "100",
            "complement": None,
            "neighborhood": "Centro",
            "city": "Florianópolis",
            "state": "SC",
            "zipCode": "88000000",
        },
        created_on=date(2023, 2, 10),
        changed_on=date(2026, 3, 1),
        keys_on=_DELIVERY,
    )


def _unit() -> m.Unit:
    return m.Unit(
        id=UNIT,
        enterprise_id=ENTERPRISE,
        name="304",
        price=Decimal("250000.00"),
        stock="V",
        contract_id=CONTRACT,
        floor="3",
        registry="12.345",
    )


def _customer() -> m.Customer:
    return m.Customer(
        id=CUSTOMER,
        name="MARIA EXEMPLO DA SILVA",
        is_firm=False,
        created_on=date(2026, 5, 20),
        changed_at=datetime.combine(date(2026, 11, 10), time(14, 3, 22, 117_000)),
        cpf="11144477735",
        is_woman=True,
        email="maria@example.com",
        born_on=date(1985, 4, 12),
        birth_place="FLORIANÓPOLIS",
        civil_status="CASADO(A)",
        matrimonial_regime="COMUNHÃO PARCIAL DE BENS",
        married_on=date(2010, 1, 9),
        profession="PROFESSORA",
        identity_card="1234567",
        phones=[
            m.Phone("(048)999990000", True, "Celular"),
            m.Phone("(048)33330000", False, "Residencial", note="recado"),
        ],
        addresses=[_address("200", "AP 12")],
        spouse=m.Spouse(
            name="JOÃO EXEMPLO DA SILVA",
            cpf="52998224725",
            sex="M",
            born_on=date(1983, 9, 1),
            cellphone="048999991111",
        ),
    )


def _address(number: str, complement: str | None, kind: str = "Residencial") -> m.Address:
    return m.Address(
        kind=kind,
        street="Rua Fictícia",
        number=number,
        complement=complement,
        neighbourhood="Centro",
        city_id=4321,
        city="Florianópolis",
        state="SC",
        postcode="88000000",
    )


def _firm() -> m.Customer:
    return m.Customer(
        id=FIRM,
        name="EMPRESA EXEMPLO LTDA",
        is_firm=True,
        created_on=date(2026, 6, 1),
        changed_at=datetime.combine(date(2026, 6, 1), time(9, 0, 0, 117_000)),
        cnpj="11222333000181",
        born_on=date(2001, 1, 1),
        fantasy_name="EXEMPLO",
        contact_name="FULANO",
        phones=[m.Phone("(048)33334444", True, "Comercial")],
        addresses=[_address("300", None, "Comercial")],
    )


def _contract() -> m.Contract:
    return m.Contract(
        id=CONTRACT,
        number="VIND-304",
        company_id=COMPANY,
        enterprise_id=ENTERPRISE,
        signed_on=_SIGNED,
        value=Decimal("250000.00"),
        created_on=date(2026, 5, 27),
        changed_on=date(2026, 6, 2),
        issued_on=_SIGNED,
        bill_id=BILL,
        holders=[m.Holder(CUSTOMER, True, False, Decimal("100.0"))],
        unit_ids=[UNIT],
        terms=m.Terms(pro_rata_indexer=2),
        delivery_on=_DELIVERY,
        broker_ids=(77,),
    )


def _bill(contract: m.Contract) -> m.Bill:
    bill = m.Bill(
        id=BILL,
        company_id=COMPANY,
        customer_id=CUSTOMER,
        document_type="CT",
        document_number="VIND-304",
        issued_on=_SIGNED,
        enterprise_id=ENTERPRISE,
        contract_id=CONTRACT,
        unit_ids=[UNIT],
        terms=contract.terms,
    )
    entry = add_line(bill, "AT", [date(2026, 6, 5)], Decimal("7000.00"), base=_BASE)[0]
    monthly = list(monthly_dates(date(2026, 6, 30), 36))
    add_line(bill, "PM", monthly, Decimal("1000.00"), base=_BASE)
    add_line(bill, "CH", [_DELIVERY], Decimal("207000.00"), base=_BASE)
    for installment in bill.installments.values():
        installment.condition.bearer_id = 1
        installment.has_boleto = installment.condition.code != "CH"
    _pay_entry(entry)
    return bill


def _pay_entry(entry: m.Installment) -> None:
    day = entry.due_on
    entry.receipts = [
        m.Receipt(
            sequence=1,
            operation_id=2,
            gross=entry.original,
            paid_on=day,
            calculated_on=day,
            movement_id=MOVEMENT,
        )
    ]
    entry.balance, entry.changed_on = m.ZERO, day
