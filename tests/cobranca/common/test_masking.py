"""Personal data out of what is shown of an ERP's requests and answers."""

import json

import pytest

from cobranca.common.masking import mask_personal

CUSTOMER = {
    "id": 3431,
    "name": "MARIA EXEMPLO DA SILVA",
    "cpf": "52998224725",
    "birthDate": "1983-09-01",
    "phones": [{"type": "Celular", "idd": "55", "number": "48 99999-1111"}],
    "addresses": [
        {"streetName": "RUA DAS FLORES", "neighborhood": "CENTRO", "zipCode": "88000000"}
    ],
    "email": "maria@example.com",
    "spouse": {"motherName": 'ANA "DINHA" SOUZA'},
}
BILL = {
    "companyName": "INCORPORADORA EXEMPLO SPE LTDA",
    "projectName": "RESIDENCIAL EXEMPLO",
    "documentNumber": "VIND-304",
    "number": "CT-295",
    "installmentNumber": "7/48",
    "originalAmount": 1234.10,
    "dueDate": "2026-06-05",
}


@pytest.mark.parametrize("cut", [0, 12])
def test_whoever_an_answer_is_about_is_hidden(cut):
    text = json.dumps(CUSTOMER, ensure_ascii=False)[: -cut or None]

    masked = mask_personal(text)

    for told in ("MARIA", "52998224725", "1983", "99999", "FLORES", "CENTRO", "88000000", "maria@"):
        assert told not in masked
    assert "DINHA" not in masked
    assert '"id": 3431' in masked


def test_what_a_call_is_about_is_still_readable():
    text = json.dumps(BILL, ensure_ascii=False)

    assert mask_personal(text) == text


def test_a_document_in_an_address_is_hidden():
    assert mask_personal("GET https://erp/customers?cpf=52998224725&limit=1") == (
        "GET https://erp/customers?cpf=529.•••.•••-25&limit=1"
    )
