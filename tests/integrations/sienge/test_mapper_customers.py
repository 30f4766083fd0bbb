"""Customers into debtors, with their phones, e-mails, addresses and people."""

import json
from datetime import date
from typing import Any

import pytest

from cobranca.contracts.records import (
    AddressRecord,
    DebtorRecord,
    EmailRecord,
    PersonRecord,
    PhoneRecord,
)
from integrations.sienge import rows as r
from integrations.sienge.mapper import Sheet, add_customer
from tests.integrations.sienge.samples import row
from tests.integrations.sienge.sheets import of


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
