"""Endpoints of titles, boletos, hooks and customers: asked as documented, read as they come."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from integrations.core.errors import ConfigError, RefusedError, UnknownOutcomeError
from integrations.core.models import IntegrationLog
from integrations.sienge import rows as r
from tests.integrations.answering import Answer

ON = date(2026, 11, 19)
REST, BULK = "/x/public/api/v1", "/x/public/api/bulk-data/v1"
NOTHING = Answer(404, {"status": 404, "clientMessage": "Nada encontrado"})


@pytest.fixture
def client(connect):
    return connect()._client


@pytest.fixture
def answers(sienge):
    """Return what makes every call answer with something."""

    def give(body, status=200):
        answer = body if isinstance(body, Answer) else Answer(status, encoded(body))
        sienge.faults.append(lambda _: answer)
        return sienge.server.asked

    return give


def encoded(body):
    return msgspec.json.Encoder(decimal_format="number").encode(body)


def page(*rows):
    return {"resultSetMetadata": {"count": len(rows), "offset": 0, "limit": 100}, "results": rows}


def bill(number):
    installment = {"installmentId": 2, "currentBalance": 1095.58, "receipts": []}
    return {"billReceivableId": number, "documentId": "VIND-304", "installments": [installment]}


# --- statements and renegotiations ----------------------------------------------------------------


def test_a_statement_is_asked_with_everything_that_closes_installments(client, answers):
    asked = answers(page({"billsReceivable": [bill(5600)]}))

    found = client.statement("3431", "5600")

    (bills,) = [found.value.bills_receivable]
    assert bills[0].installments[0].current_balance == Decimal("1095.58")
    assert asked[0].path == f"{REST}/customer-financial-statements"
    assert asked[0].query == {
        "customerId": "3431",
        "billReceivableId": "5600",
        "includeRemadeInstallments": "S",
        "includeWriteOff": "S",
        "includeCancelation": "S",
        "includeRenegotiation": "S",
        "includeSubJudice": "true",
        "includeBankMovements": "true",
        "monetaryCorrectionForAnnualInstallment": "S",
        "monetaryCorrectionForDueDateInstallment": "S",
    }


@pytest.mark.parametrize(
    "body",
    [
        {"billsReceivable": [bill(1), bill(2)]},
        page({"billsReceivable": [bill(1), bill(2)]}),
        page({"billsReceivable": bill(1)}, {"billsReceivable": [bill(2)]}),
        [{"billsReceivable": [bill(1), bill(2)]}],
    ],
)
def test_a_statement_comes_in_several_shapes(client, answers, body):
    answers(body)

    found = client.statement("3431")

    assert [b.bill_receivable_id for b in found.value.bills_receivable] == [1, 2]


def test_no_statement_is_none(client, answers, sienge):
    answers(NOTHING)
    assert client.statement("3431") is None
    sienge.faults[:] = []
    answers(page())
    assert client.statement("3431") is None


def test_a_statement_with_an_unreadable_piece_is_unreadable(client, answers):
    answers(page({"billsReceivable": [bill(1)]}, {"billsReceivable": "x"}))

    assert client.statement("3431").value is None


def test_renegotiations_come_all_at_once_whatever_was_asked(client, answers):
    rows = [
        {
            "receivableBillId": 5600,
            "remadeDate": f"2026-0{month}-19",
            "remadeInstallmentsDescription": "2, 3",
            "generatedValue": 4284.15,
        }
        for month in range(1, 6)
    ]
    asked = answers({"resultSetMetadata": {"count": 5, "offset": 0, "limit": 2}, "results": rows})

    found = client.remade(title="5600")

    assert len(found) == 5
    assert found[0].value.generated_value == Decimal("4284.15")
    assert len(asked) == 1
    assert asked[0].query == {"billReceivableId": "5600", "limit": "200", "offset": "0"}


def test_no_renegotiation_is_an_empty_list(client, answers):
    answers(NOTHING)

    assert client.remade(customer="3431") == []


# --- titles ---------------------------------------------------------------------------------------


def test_a_title_and_its_installments(client, sienge):
    title = {"receivableBillId": 5600, "documentId": "CT  ", "subjudice": False}
    rows = [{"installmentId": n, "balanceDue": 10, "generatedBoleto": True} for n in (1, 2, 3)]

    def route(asked):
        if asked.path.endswith("/installments"):
            at = int(asked.query["offset"])
            metadata = {"count": 3, "offset": at, "limit": 2}
            return Answer(body={"resultSetMetadata": metadata, "results": rows[at : at + 2]})
        return Answer(body=title)

    sienge.faults.append(route)

    assert client.title("5600").value.receivable_bill_id == 5600
    assert [row.value.installment_id for row in client.title_installments("5600")] == [1, 2, 3]
    paths = [asked.path for asked in sienge.server.asked]
    assert paths[0] == f"{REST}/accounts-receivable/receivable-bills/5600"
    assert paths[1:] == [f"{paths[0]}/installments"] * 2
    logs = IntegrationLog.objects.order_by("id").values_list("method", "contract")
    assert list(logs[:2]) == [("BuscarContratoAvulso", "5600"), ("ListarParcelasTitulo", "5600")]


def test_a_title_that_is_not_there(client, answers):
    answers(NOTHING)

    assert client.title("9") is None
    assert client.title_installments("9") == []


def test_a_code_cannot_change_the_address(client, answers):
    asked = answers(NOTHING)

    client.title("../companies?x=1")

    assert asked[0].path.endswith("/receivable-bills/..%2Fcompanies%3Fx%3D1")


def test_many_titles_are_one_bulk_call(client, sienge):
    sienge.bulk["income/by-bills"] = [{"billId": 1, "installmentId": 1, "balanceAmount": 0.1}]

    found = list(client.income_of_titles([str(n) for n in range(500)]))

    (asked,) = sienge.server.asked
    assert asked.path == f"{BULK}/income/by-bills"
    assert asked.query["billsIds"].split(",") == [str(n) for n in range(500)]
    assert found[0].value.balance_amount == Decimal("0.1")
    assert list(client.income_of_titles([])) == []


def test_receipts_of_a_period(client, sienge):
    list(client.paid_income("17", date(2026, 11, 1), ON))

    assert sienge.server.asked[0].query == {
        "startDate": "2026-11-01",
        "endDate": "2026-11-19",
        "selectionType": "P",
        "companyId": "17",
        "completedBills": "S",
    }


def test_bulk_titles_that_are_not_served_are_a_wrong_address(client, answers):
    answers(Answer(404, b"<html>Not Found</html>"))

    with pytest.raises(ConfigError):
        list(client.income_of_titles(["1"]))


@pytest.mark.parametrize(("document", "name"), [("11144477735", "cpf"), ("11222333000181", "cnpj")])
def test_the_present_debt(client, answers, document, name):
    due = {"installmentId": 2, "additionalValue": 95.58, "adjustedValue": 1000}
    asked = answers(page({"billReceivableId": 5600, "dueInstallments": due}))

    (row,) = client.debit_balance(document, "5600", ON, annual_correction=True)

    assert row.value.due_installments.additional_value == Decimal("95.58")
    assert asked[0].query == {
        name: document,
        "numberTitle": "5600",
        "correctionDate": "2026-11-19",
        "correctAnnualInstallment": "S",
    }
    assert IntegrationLog.objects.get().method == "BuscarDivida"


def test_a_customer_who_owes_nothing(client, answers):
    answers(NOTHING)

    assert client.debit_balance("11144477735", "", ON, annual_correction=False) == []


# --- writes of titles -----------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [{"installmentId": 39}, [{"installmentId": 39}], None])
def test_a_renegotiation_is_posted_once(client, answers, answer):
    asked = answers(Answer(201, b"" if answer is None else answer))
    body = {"billReceivableId": 5600, "installments": "2/3", "totalValue": Decimal("4284.15")}

    assert client.remake(body) == answer

    assert (asked[0].verb, asked[0].path) == ("POST", f"{REST}/remade-installments")
    assert b'"totalValue":4284.15' in asked[0].body
    assert IntegrationLog.objects.get().contract == "5600"


def test_a_renegotiation_may_be_refused_or_lost(client, answers, sienge):
    answers({"status": 422, "clientMessage": "Parcela 2 liquidada"}, 422)
    with pytest.raises(RefusedError, match="Parcela 2 liquidada"):
        client.remake({"billReceivableId": 5600})
    sienge.faults[:] = []
    answers(Answer(drop=True))
    with pytest.raises(UnknownOutcomeError):
        client.remake({"billReceivableId": 5600})

    assert len(sienge.server.asked) == 2


def test_a_renegotiation_is_undone_or_was_not_there(client, answers, sienge):
    asked = answers(Answer(204))
    assert client.undo_remade("5600", ON)
    assert (asked[0].verb, asked[0].body) == ("DELETE", b"")
    assert asked[0].query == {
        "billReceivableId": "5600",
        "remadeDate": "2026-11-19",
        "validateGeneratedCollection": "true",
    }
    sienge.faults[:] = [lambda _: NOTHING]
    assert not client.undo_remade("5600", ON)
    sienge.faults[:] = [lambda _: Answer(422, {"clientMessage": "Boleto gerado"})]
    with pytest.raises(RefusedError, match="Boleto gerado"):
        client.undo_remade("5600", ON)


# --- boletos and mail -----------------------------------------------------------------------------


def test_a_second_copy(client, answers):
    asked = answers(page({"urlReport": "https://x/b.pdf?s=1", "digitableNumber": "00190.00009 0"}))

    found = client.boleto("5600", "2")

    assert found.value == r.Boleto("https://x/b.pdf?s=1", "00190.00009 0")
    assert asked[0].query == {"billReceivableId": "5600", "installmentId": "2"}


def test_a_second_copy_that_is_not_to_be_had_says_why(client, answers):
    answers({"status": 422, "clientMessage": "Não foram encontradas parcelas aptas"}, 422)

    with pytest.raises(RefusedError, match="parcelas aptas"):
        client.boleto("5600", "2")


def test_a_report_is_fetched_beside_the_api(client, sienge):
    sienge.faults.append(lambda asked: Answer(body=b"%PDF"))

    assert client.download(f"{sienge.server.url}/storage/b.pdf?s=1") == b"%PDF"

    assert "Authorization" not in sienge.server.asked[0].headers


@pytest.mark.parametrize(
    ("send", "path"),
    [
        ("mail_boleto", "payment-slip-notification"),
        ("mail_statement", "customer-financial-statements"),
        ("mail_balance", "email-current-debit-balance"),
    ],
)
def test_mail_is_asked_for_once(client, answers, send, path):
    asked = answers(Answer(201))
    body = {"customerId": 3431, "email": "maria@example.com"}

    getattr(client, send)(body)

    assert [(a.verb, a.path, a.sent) for a in asked] == [("POST", f"{REST}/{path}", body)]


# --- hooks and customers --------------------------------------------------------------------------


def test_hooks_are_listed_made_and_removed(client, sienge):
    hook = {"id": "caa132c2", "url": "https://x", "events": ["A"], "token": "t0k3n"}
    verbs = {
        "GET": Answer(body=page(hook)),
        "POST": Answer(200, hook),
        "DELETE": Answer(200, b""),
    }
    sienge.faults.append(lambda asked: verbs[asked.verb])

    assert [row.value.id for row in client.hooks()] == ["caa132c2"]
    assert client.create_hook("https://x", "t0k3n", ["A"]) == "caa132c2"
    assert client.delete_hook("caa132c2")
    verbs["DELETE"] = NOTHING
    assert not client.delete_hook("caa132c2")
    verbs["POST"] = Answer(201, b"")
    assert client.create_hook("https://x", "t0k3n", ["A"]) == ""
    assert sienge.server.asked[1].sent == {"url": "https://x", "token": "t0k3n", "events": ["A"]}
    written = "".join(f"{log.request}{log.response}" for log in IntegrationLog.objects.all())
    assert "t0k3n" not in written


def test_telephones_are_put_as_one_list_and_addresses_by_kind(client, answers):
    asked = answers(Answer(204))
    phone = {"number": "048999990000", "main": True, "type": "CE"}

    client.put_phones("3431", [phone])
    client.put_address("3431", "R", {"streetName": "Rua A"})

    assert [(a.verb, a.path.removeprefix(REST), a.sent) for a in asked] == [
        ("PUT", "/customers/3431/phones", {"phones": [phone]}),
        ("PUT", "/customers/3431/addresses/R", {"streetName": "Rua A"}),
    ]
