"""Sienge's rows into records: the reference's examples, and every way they may differ."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from cobranca.contracts.records import (
    AddressRecord,
    BoletoRecord,
    BranchRecord,
    ContractRecord,
    DebtorRecord,
    DoubtRecord,
    EmailRecord,
    InstallmentRecord,
    PaymentRecord,
    PersonRecord,
    PhoneRecord,
    ProductRecord,
    SaleRecord,
)
from integrations.sienge import rows as r
from integrations.sienge.config import Filters
from integrations.sienge.creditor_type import SALE_ATTRIBUTES
from integrations.sienge.mapper import (
    IncomeMapper,
    Sheet,
    add_boletos,
    add_branch,
    add_customer,
    add_sale,
    add_unit,
)
from tests.integrations.sienge.samples import as_row, load, row

ALL_OF_17 = Filters("17")


def of(sheet: Sheet, kind: type) -> list[Any]:
    return [record for record in sheet.records if type(record) is kind]


def income(filters: Filters = ALL_OF_17, *rows: Any, **changes: Any) -> Sheet:
    sheet = Sheet()
    mapper = IncomeMapper(filters)
    for one in rows or [row(r.Income, "income", **changes)]:
        mapper.add(sheet, one)
    return sheet


def receipt(name: str | None = "Recebimento", **changes: Any) -> dict[str, Any]:
    return {**load("income")["receipts"][0], "operationTypeName": name, **changes}


# --- installments ---------------------------------------------------------------------------------


def test_the_example_of_the_reference():
    contract, installment, payment = income().records

    assert contract == ContractRecord(
        external_id="5600",
        debtor="3431",
        type_code="CT",
        type_name="CONTRATO",
        branch="42",
        branch_name="RESIDENCIAL EXEMPLO",
        number="5600",
        document_number="VIND-304",
        unit="304",
        issued_on=date(2026, 5, 28),
        is_sale=True,
    )
    assert installment == InstallmentRecord(
        contract="5600",
        number=1,
        due_date=date(2026, 6, 5),
        principal=Decimal("7000.00"),
        balance=Decimal("0.00"),
        is_open=False,
        label="1",
        note="AT",
        closing="payment",
    )
    assert payment == PaymentRecord(
        contract="5600",
        number=1,
        paid_on=date(2026, 6, 5),
        sequence=1,
        kind="Recebimento",
        is_cash=True,
        gross=Decimal("7000.00"),
        net=Decimal("7000.00"),
        charges=Decimal("0.00"),
        discount=Decimal("0.00"),
    )


def test_an_installment_is_open_while_anything_is_owed_on_it():
    (installment,) = of(income(balanceAmount=Decimal("565.48"), receipts=[]), InstallmentRecord)

    assert (installment.is_open, installment.closing) == (True, "")
    assert installment.balance == Decimal("565.48")


@pytest.mark.parametrize(
    ("told", "balance", "is_open"),
    [
        (Decimal("341233.7699999997"), "341233.77", True),
        (Decimal("0.0000000012"), "0.00", False),
        ("10.5", "10.50", True),
        (7, "7.00", True),
    ],
)
def test_what_binary_fractions_left_behind_is_rounded_away(told, balance, is_open):
    (installment,) = of(income(balanceAmount=told), InstallmentRecord)

    assert (str(installment.balance), installment.is_open) == (balance, is_open)


def test_spellings_of_keys_do_not_matter():
    renamed = load("income")
    for old, new in (("billId", "receivableBillId"), ("clientId", "customerId")):
        renamed[new] = str(renamed.pop(old))
    renamed |= {"documentIdentificationId": "CT  ", "companyId": "17", "installmentId": "1"}
    renamed["paymentTerms"] = {"id": "PM ", "description": "Parcelas Mensais"}
    del renamed["paymentTerm"]

    contract, installment, _ = income(ALL_OF_17, as_row(r.Income, renamed)).records

    assert (contract.external_id, contract.debtor, contract.type_code) == ("5600", "3431", "CT")
    assert (installment.number, installment.note) == (1, "PM")


@pytest.mark.parametrize("term", ["PM", {"id": "PM"}, {"id": "PM  ", "descrition": "Mensais"}])
def test_the_payment_condition_becomes_the_note(term):
    assert of(income(paymentTerm=term), InstallmentRecord)[0].note == "PM"


def test_the_number_shown_is_not_the_key():
    (installment,) = of(income(installmentNumber="1/2", installmentId=39), InstallmentRecord)

    assert (installment.number, installment.label) == (39, "1/2")


@pytest.mark.parametrize("origin", ["CR", "NS", "LO "])
def test_a_standalone_title_has_no_branch(origin):
    (contract,) = of(income(originId=origin, documentIdentificationId="AV"), ContractRecord)

    assert (contract.is_sale, contract.branch, contract.branch_name) == (False, "", "")


@pytest.mark.parametrize(("document", "is_sale"), [("CT", True), ("AV", False)])
def test_without_an_origin_the_document_tells_a_sale(document, is_sale):
    changes = {"originId": None, "documentIdentificationId": document}

    assert of(income(**changes), ContractRecord)[0].is_sale is is_sale


def test_a_title_is_told_once_and_its_holder_by_what_is_open():
    paid = row(r.Income, "income", clientId=3431)
    owed = row(r.Income, "income", clientId=3500, installmentId=2, balanceAmount=10, receipts=[])
    later = row(r.Income, "income", clientId=3500, installmentId=3, balanceAmount=10, receipts=[])
    also_paid = row(r.Income, "income", clientId=3431, installmentId=4)

    sheet = income(ALL_OF_17, paid, owed, later, also_paid)

    assert [contract.debtor for contract in of(sheet, ContractRecord)] == ["3431", "3500"]
    assert len(of(sheet, InstallmentRecord)) == 4


def test_only_an_open_installment_needs_its_customer_here():
    sheet, mapper = Sheet(), IncomeMapper(ALL_OF_17)

    assert mapper.add(sheet, row(r.Income, "income")) == ""
    assert mapper.add(sheet, row(r.Income, "income", balanceAmount=1)) == "3431"


# --- receipts -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "is_cash", "closing"),
    [
        ("Recebimento", True, "payment"),
        ("RECEBIMENTO", True, "payment"),
        ("Adiantamento", True, "payment"),
        ("Abatimento de Adiantamento", False, "payment"),
        ("Por Bens", False, "payment"),
        ("Promoção", False, "payment"),
        ("promocao", False, "payment"),
        ("Bonificação", False, "payment"),
        ("Sorteio", False, "payment"),
        ("Cancelamento", False, "creditor_request"),
        ("Reparcelamento", False, "renegotiation"),
        ("Repactuação", False, "renegotiation"),
        ("Substituição", False, "renegotiation"),
        ("Distrato", False, "termination"),
        ("Estorno", False, ""),
    ],
)
def test_every_settlement_type_says_whether_it_is_money_and_why_it_closed(name, is_cash, closing):
    sheet = income(receipts=[receipt(name, operationTypeId=99)])

    assert of(sheet, PaymentRecord)[0].is_cash is is_cash
    assert of(sheet, InstallmentRecord)[0].closing == closing
    assert sheet.issues == []


@pytest.mark.parametrize("name", ["Outros", "Outros com Resíduo"])
@pytest.mark.parametrize(
    ("movements", "is_cash"), [([{"id": 1}], True), ([], False), (None, False)]
)
def test_where_the_tenant_decides_only_what_moved_an_account_is_money(name, movements, is_cash):
    sheet = income(receipts=[receipt(name, bankMovements=movements)])

    assert of(sheet, PaymentRecord)[0].is_cash is is_cash


def test_an_id_stands_in_for_a_name_that_is_not_told():
    sheet = income(receipts=[receipt(None, operationTypeId=7)])

    assert of(sheet, PaymentRecord)[0].kind == "Distrato"


def test_an_unknown_settlement_is_set_aside_and_the_installment_goes_on():
    sheet = income(receipts=[receipt("Permuta de Terreno", operationTypeId=2)])

    (issue,) = sheet.issues
    assert (issue.code, issue.contract, issue.installment) == ("unknown_receipt", "5600", "1")
    assert of(sheet, PaymentRecord) == []
    assert of(sheet, InstallmentRecord)[0].closing == ""
    assert of(sheet, DoubtRecord) == []


def test_the_last_receipt_says_why_it_closed():
    partial = receipt(paymentDate="2026-06-05")
    remade = receipt("Reparcelamento", paymentDate="2026-11-19", sequencialNumber=2)

    (installment,) = of(income(receipts=[remade, partial]), InstallmentRecord)

    assert installment.closing == "renegotiation"


def test_what_was_added_to_a_payment_is_summed():
    told = receipt(
        interestAmount=Decimal("49.51"),
        fineAmount=Decimal("20.51"),
        additionAmount=Decimal("25.56"),
        monetaryCorrectionAmount=Decimal("1.10"),
        discountAmount=Decimal("5.00"),
        netAmount=Decimal("1091.68"),
        grossAmount=Decimal("1000.00"),
    )

    (payment,) = of(income(receipts=[told]), PaymentRecord)

    assert (payment.gross, payment.net) == (Decimal("1000.00"), Decimal("1091.68"))
    assert (payment.charges, payment.discount) == (Decimal("96.68"), Decimal("5.00"))


def test_receipts_without_a_sequence_are_told_apart_by_their_place():
    two = [receipt(sequencialNumber=None, grossAmount=n) for n in (10, 20)]

    assert [payment.sequence for payment in of(income(receipts=two), PaymentRecord)] == [0, 1]


@pytest.mark.parametrize("field", ["paymentDate", "grossAmount"])
def test_a_bad_receipt_is_set_aside_alone(field):
    sheet = income(receipts=[receipt(), receipt(sequencialNumber=2, **{field: None})])

    assert [issue.code for issue in sheet.issues] == ["receipt"]
    assert field in sheet.issues[0].message
    assert len(of(sheet, PaymentRecord)) == 1


@pytest.mark.parametrize("receipts", [None, [], {}])
def test_receipts_may_be_missing_or_a_single_object(receipts):
    told = receipt() if receipts == {} else receipts

    assert len(of(income(receipts=told), PaymentRecord)) == (receipts == {})


# --- what is left out, what is set aside ----------------------------------------------------------


@pytest.mark.parametrize(
    ("filters", "changes", "rule"),
    [
        (Filters("9"), {}, "Parcela de outra empresa"),
        (Filters("17", companies=frozenset({"8"})), {"companyId": 8}, "Empresa a ignorar: 8"),
        (
            Filters("17", documents=frozenset({"CT"})),
            {"documentIdentificationId": "ct  "},
            "Tipo de contrato ignorado: CT",
        ),
        (
            Filters("17", payment_conditions=frozenset({"AT"})),
            {},
            "Condição de pagamento ignorada: AT",
        ),
        (ALL_OF_17, {"documentForecast": "S"}, "Documento de previsão"),
        (ALL_OF_17, {"documentForecast": True}, "Documento de previsão"),
    ],
)
def test_rows_left_out_are_counted_by_their_rule(filters, changes, rule):
    sheet = income(filters, **changes)

    assert (sheet.records, sheet.issues) == ([], [])
    assert sheet.ignored == {rule: 1}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("dueDate", None),
        ("dueDate", "2026-02-30"),
        ("dueDate", 20260605),
        ("originalAmount", None),
        ("originalAmount", "x"),
        ("originalAmount", True),
        ("originalAmount", -1),
        ("balanceAmount", None),
        ("balanceAmount", {}),
        ("balanceAmount", -1),
        ("balanceAmount", Decimal("1e15")),
        ("clientId", None),
        ("documentIdentificationId", " "),
        ("companyId", [17]),
        ("documentForecast", "talvez"),
        ("issueDate", "ontem"),
    ],
)
def test_an_unusable_field_sets_the_row_aside_by_name_and_shields_it(field, value):
    sheet = income(**{field: value})

    (issue,) = sheet.issues
    assert field in issue.message
    assert (issue.contract, issue.installment) == ("5600", "1")
    assert sheet.records == [DoubtRecord("5600", 1)]


def test_without_an_installment_the_whole_title_is_in_doubt():
    assert income(installmentId="1/2").records == [DoubtRecord("5600", None)]


@pytest.mark.parametrize("bill", [None, "", {}, 56.5])
def test_without_a_title_everything_is_in_doubt(bill):
    assert income(billId=bill).records == [DoubtRecord()]


def test_a_row_that_is_no_row_is_in_doubt():
    sheet = income(ALL_OF_17, as_row(r.Income, ["5600"]))  # type: ignore[arg-type]

    assert sheet.records == [DoubtRecord()]
    assert sheet.issues[0].row == ["5600"]


def test_no_message_tells_a_value():
    sheet = income(balanceAmount="529.982.247-25", clientName="MARIA")

    assert "529" not in sheet.issues[0].message
    assert sheet.issues[0].row["clientName"] == "MARIA"


# --- customers ------------------------------------------------------------------------------------


def customer(name: str = "customer", /, **changes: Any) -> Sheet:
    sheet = Sheet()
    add_customer(sheet, row(r.Customer, name, **changes))
    return sheet


def test_the_customer_of_the_reference():
    sheet = customer()

    (debtor,) = of(sheet, DebtorRecord)
    assert debtor[:6] == (
        "3431",
        "MARIA EXEMPLO DA SILVA",
        "11144477735",
        "natural",
        "",
        date(1985, 4, 12),
    )
    assert json.loads(debtor.details) == {
        "Profissão": "PROFESSORA",
        "Estado civil": "CASADO(A)",
        "Regime de bens": "COMUNHÃO PARCIAL DE BENS",
        "Sexo": "Feminino",
        "Nacionalidade": "BRASILEIRA",
        "Naturalidade": "FLORIANÓPOLIS",
        "RG": "1234567",
        "Órgão emissor": "SSP",
        "Tipo de cliente": "CLIENTE",
    }
    assert of(sheet, PhoneRecord) == [
        PhoneRecord("3431", "48999990000", "mobile", is_main=True),
        PhoneRecord("3431", "4833330000", "home", note="recado"),
    ]
    assert of(sheet, EmailRecord) == [EmailRecord("3431", "maria@example.com", is_main=True)]
    assert of(sheet, AddressRecord) == [
        AddressRecord(
            debtor="3431",
            kind="home",
            street="Rua Fictícia",
            street_number="200",
            complement="AP 12",
            district="Centro",
            city="Florianópolis",
            state="SC",
            postal_code="88000000",
            is_main=True,
        )
    ]
    assert of(sheet, PersonRecord) == [
        PersonRecord("3431", "spouse", "JOÃO EXEMPLO DA SILVA", "52998224725", phone="48999991111")
    ]


def test_a_company_of_the_reference():
    sheet = customer("company_customer")

    (debtor,) = of(sheet, DebtorRecord)
    assert debtor[:6] == (
        "3500",
        "EMPRESA EXEMPLO LTDA",
        "11222333000181",
        "legal",
        "EXEMPLO",
        None,
    )
    assert of(sheet, PersonRecord) == [PersonRecord("3500", "reference", "FULANO", note="Contato")]


@pytest.mark.parametrize(
    ("told", "document"),
    [("111.444.777-35", "11144477735"), (None, ""), ("", ""), ("00000000000", ""), ("123", "")],
)
def test_a_document_is_kept_in_digits_or_not_at_all(told, document):
    sheet = customer(cpf=told)

    assert of(sheet, DebtorRecord)[0].document == document


def test_an_invalid_document_is_an_issue_and_the_customer_still_comes():
    sheet = customer(cpf="111.444.777-34")

    assert [issue.code for issue in sheet.issues] == ["invalid_document"]
    assert "444" not in sheet.issues[0].message
    assert len(of(sheet, DebtorRecord)) == 1


def test_a_foreigner_has_a_foreign_document():
    sheet = customer(cpf=None, foreigner="S", internationalId="AB123456")

    (debtor,) = of(sheet, DebtorRecord)
    assert debtor.document == ""
    assert json.loads(debtor.details)["Documento estrangeiro"] == "AB123456"
    assert sheet.issues == []


def test_a_wrong_birth_date_does_not_keep_the_customer_out():
    assert of(customer(birthDate="1985-13-01"), DebtorRecord)[0].birth_date is None


@pytest.mark.parametrize("changes", [{"name": None}, {"id": None}, {"phones": "48999990000"}])
def test_a_customer_that_cannot_be_read_is_set_aside(changes):
    sheet = customer(**changes)

    assert sheet.records == []
    assert next(iter(changes)) in sheet.issues[0].message


@pytest.mark.parametrize(
    ("phone", "number", "kind"),
    [
        ({"number": "(048)999990000"}, "48999990000", "mobile"),
        ({"number": "04899990000"}, "48999990000", "mobile"),
        ({"number": "+55 48 3333-0000"}, "4833330000", "landline"),
        ({"number": "999990000", "ddd": "048"}, "48999990000", "mobile"),
        ({"number": "48999990000", "ddd": "48"}, "48999990000", "mobile"),
        ({"number": "33330000", "ddd": 48, "type": "CO"}, "4833330000", "work"),
        ({"number": "4833330000", "type": "Comercial"}, "4833330000", "work"),
        ({"number": "4833330000", "type": "RE", "idd": "55"}, "4833330000", "home"),
        ({"number": "(202) 555-0143", "idd": "+1"}, "12025550143", "mobile"),
    ],
)
def test_a_phone_is_normalised(phone, number, kind):
    (record,) = of(customer(phones=[phone]), PhoneRecord)

    assert (record.number, record.kind) == (number, kind)


@pytest.mark.parametrize("note", ["Inativo-Cobmais", "INATIVO", "número inativado"])
def test_a_phone_given_up_there_arrives_inactive(note):
    (record,) = of(customer(phones=[{"number": "48999990000", "note": note}]), PhoneRecord)

    assert not record.is_active


def test_a_number_told_twice_is_one_phone():
    twice = [
        {"number": "48999990000", "note": "Inativo", "main": True},
        {"number": "(48) 9999-0000", "main": "N"},
    ]

    (record,) = of(customer(phones=twice), PhoneRecord)

    assert (record.is_active, record.is_main) == (True, True)


def test_numbers_and_addresses_of_no_use_are_counted():
    phones = [
        {"number": "1234"},
        {"number": ""},
        {"number": None},
        {"number": "2" * 18, "idd": "1"},
    ]

    sheet = customer(phones=phones, email="a@b, x@example.com;x@EXAMPLE.com nada")

    assert of(sheet, PhoneRecord) == []
    assert of(sheet, EmailRecord) == [EmailRecord("3431", "x@example.com", is_main=True)]
    assert sheet.ignored == {
        "Telefones sem formato utilizável": 2,
        "E-mails sem formato utilizável": 2,
    }


def test_an_address_without_a_street_is_none():
    addresses = [
        {"type": "Residencial", "city": "Blumenau"},
        {
            "type": "Comercial",
            "streetName": "Rua 7",
            "state": "Santa Catarina",
            "zipCode": "89.010",
        },
    ]

    (address,) = of(customer(addresses=addresses), AddressRecord)

    assert (address.kind, address.state, address.postal_code) == ("work", "", "")


def test_the_people_around_a_customer():
    procurator = {
        "name": "ANA PROCURADORA",
        "cpf": "529.982.247-25",
        "email": "ANA@example.com",
        "phones": [{"number": "4833330000"}],
    }
    relatives = [{"kinsName": "JOSÉ", "kinship": "Pai"}, {"kinsName": None, "kinship": "Mãe"}]

    sheet = customer(
        procurators=procurator,
        familyIncome=relatives,
        technicalManager="ENG. RUI",
        spouse={"name": None, "addresses": {"city": None}},
    )

    assert of(sheet, PersonRecord) == [
        PersonRecord(
            "3431", "proxy", "ANA PROCURADORA", "52998224725", "4833330000", "ana@example.com"
        ),
        PersonRecord("3431", "reference", "JOSÉ", note="Pai"),
        PersonRecord("3431", "partner", "ENG. RUI", note="Responsável técnico"),
    ]


def test_texts_fit_their_columns():
    sheet = customer(name="A" * 300, addresses=[{"streetName": "R" * 300, "number": "9" * 30}])

    assert len(of(sheet, DebtorRecord)[0].name) == 150
    assert len(of(sheet, AddressRecord)[0].street) == 150


# --- sales, units, branches, boletos --------------------------------------------------------------


def sale(**changes: Any) -> Sheet:
    sheet = Sheet()
    add_sale(sheet, row(r.SalesContract, "sales_contract", **changes))
    return sheet


def test_the_sales_contract_of_the_reference():
    assert sale().records == [
        SaleRecord(
            contract="5600",
            document_number="VIND-304",
            branch="42",
            unit="304",
            unit_id="1304",
            is_cancelled=False,
            cancelled_on=None,
            issued_on=date(2026, 5, 28),
        )
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"situation": "Cancelado"},
        {"situation": "CANCELADO"},
        {"situation": "3"},
        {"situation": 3},
        {"situation": "Emitido", "cancellationDate": "2026-11-19"},
    ],
)
def test_a_cancelled_contract_is_told_by_word_code_or_date(changes):
    assert sale(**changes).records[0].is_cancelled


def test_a_contract_without_a_title_is_none_yet():
    sheet = sale(receivableBillId=None)

    assert sheet.records == []
    assert sheet.ignored == {"Contratos de venda ainda sem título": 1}


def test_those_who_bought_together_stand_around_the_main_holder():
    holders = [
        {"id": 3500, "name": "JOÃO", "main": False, "spouse": True},
        {"id": 3431, "name": "MARIA", "main": True, "participationPercentage": 60},
        {"id": 3600, "name": "EVA", "main": "N", "participationPercentage": Decimal("40.0")},
    ]

    assert of(sale(salesContractCustomers=holders), PersonRecord) == [
        PersonRecord("3431", "co_buyer", "JOÃO", note="cônjuge"),
        PersonRecord("3431", "co_buyer", "EVA", note="40 %"),
    ]


@pytest.mark.parametrize("units", [None, [], {"id": 7, "name": "A"}])
def test_a_contract_may_have_no_unit_or_a_single_object(units):
    assert sale(salesContractUnits=units).records[0].unit == ("A" if units else "")


def test_a_sales_contract_that_cannot_be_read_leaves_its_title_alone():
    sheet = sale(cancellationDate="ontem")

    assert sheet.records == [DoubtRecord("5600")]
    assert "cancellationDate" in sheet.issues[0].message


def test_the_unit_of_the_reference():
    sheet = Sheet()

    add_unit(sheet, row(r.Unit, "units"), {"1304": "50"})

    (product,) = of(sheet, ProductRecord)
    assert product.unit_id == "1304"
    attributes = json.loads(product.attributes)
    assert attributes == {
        "code": "1304",
        "product_name": "304",
        "private_area": "62,5",
        "participation_percent": "50",
        "property_type": "APARTAMENTO",
        "registration": "12.345",
        "commercial_stock": "Vendida",
    }
    assert list(attributes) == [attribute.key for attribute in SALE_ATTRIBUTES]


def test_the_enterprise_of_the_reference():
    sheet = Sheet()

    add_branch(sheet, row(r.Enterprise, "enterprises"))
    add_branch(sheet, row(r.CostCenter, "cost_centers", id="042", cnpj=None))

    assert sheet.records == [
        BranchRecord("42", "RESIDENCIAL EXEMPLO", "11222333000181"),
        BranchRecord("42", "RESIDENCIAL EXEMPLO", ""),
    ]


def test_an_enterprise_without_a_code_is_set_aside():
    sheet = Sheet()

    add_branch(sheet, row(r.Enterprise, "enterprises", id=None))

    assert (sheet.records, len(sheet.issues)) == ([], 1)


def boletos(**changes: Any) -> Sheet:
    sheet = Sheet()
    add_boletos(sheet, row(r.Extract, "extract", **changes), "17")
    return sheet


def extracted(**changes: Any) -> dict[str, Any]:
    return {**load("extract")["installments"][0], "installmentSituation": "0", **changes}


@pytest.mark.parametrize("name", ["generatedBillet", "generatedBoleto", "generatedTicket"])
@pytest.mark.parametrize(("told", "available"), [(True, True), ("S", True), ("N", False)])
def test_the_boleto_flag_has_three_names(name, told, available):
    installment = extracted(**{name: told})
    if name != "generatedBillet":
        del installment["generatedBillet"]

    assert boletos(installments=[installment]).records == [BoletoRecord("5600", 1, available)]


def test_an_installment_already_received_needs_no_boleto():
    assert boletos().records == []


def test_the_statement_of_another_company_is_left_out():
    sheet = boletos(company={"id": 18}, installments=[extracted()])

    assert (sheet.records, sheet.issues) == ([], [])


def test_a_boleto_that_cannot_be_read_is_set_aside():
    sheet = boletos(installments=[extracted(id="x")])

    assert "installments.id" in sheet.issues[0].message
