"""SIE-20: what Sienge says is owed, read from its present debit balance (2.8)."""

from datetime import date
from decimal import Decimal

import pytest

from cobranca.campaigns.calculation import Asked, calculate
from cobranca.campaigns.erp_balances import ask_erp
from cobranca.common import clock
from cobranca.contracts.erp import ErpRefusalError, ErpUnreachableError, gateway_for
from integrations.sienge import parameters as p
from tests import factories
from tests.integrations.answering import Answer
from tests.integrations.sienge.office import configure

ON = date(2021, 11, 19)
# Parcel, due date, value, charges, fee of 10 %, total: the screen of playbook 7.2.2.
TABLE_A = [
    (1, "2021-06-30", "1000.00", "95.58", "109.55", "1205.13"),
    (2, "2021-07-30", "1000.00", "79.42", "107.94", "1187.36"),
    (3, "2021-08-30", "1000.00", "62.81", "106.28", "1169.09"),
    (4, "2021-09-30", "1000.00", "46.34", "104.63", "1150.97"),
    (5, "2021-10-30", "1000.00", "29.45", "102.95", "1132.40"),
    (151, "2021-11-10", "10000.00", "247.18", "1024.72", "11271.90"),
]


def row(number, due, original, additional="0", **told):
    """Return an installment as the playbook prints it."""
    original, additional = Decimal(original), Decimal(additional)
    return {
        "installmentId": number,
        "currentBalance": float(original + additional),
        "latePaymentInterest": 3,
        "adjustedValue": float(original),
        "additionalValue": float(additional),
        "originalValue": float(original),
        "dueDate": due,
        "generatedBoleto": False,
        "monetaryCorrectionValue": 0,
        "baseDateOfCorrection": "2021-05-01",
        "conditionType": "Parcelas Mensais",
        "indexerCode": 0,
        "indexerName": "REAL",
    } | told


@pytest.fixture
def contract(connect, company, sienge):
    connect()
    debtor = factories.make_debtor(company.agency, document="11144477735")
    return factories.make_contract(company, debtor, number="295")


@pytest.fixture
def balance(sienge):
    """Let Sienge answer with bills, each a dictionary of its arrays."""

    def answers(*bills, title=295):
        rows = [{"billReceivableId": title, "documentId": "CT", **bill} for bill in bills]
        metadata = {"count": len(rows), "offset": 0, "limit": 1}
        answer(sienge, Answer(body={"resultSetMetadata": metadata, "results": rows}))

    return answers


def answer(sienge, told):
    """Answer every question about a debt so."""
    sienge.faults.append(lambda asked: told if "current-debit-balance" in asked.path else None)


def quote(contract, on=ON):
    return gateway_for(contract.creditor).quote(contract, on)


def test_the_playbooks_table_comes_out_to_the_cent(contract, company, balance):
    balance({"dueInstallments": [row(number, due, value, charges)
                                 for number, due, value, charges, _, _ in TABLE_A]})  # fmt: skip
    campaign = factories.make_campaign(company, valid_from=date(2021, 1, 1))
    factories.make_cash_bracket(campaign, fee_percent=Decimal(10))
    for number, due, value, *_ in TABLE_A:
        factories.make_installment(
            contract, number, due_date=date.fromisoformat(due), principal=Decimal(value)
        )

    (answer,) = ask_erp([contract], ON, now=clock.now())
    told = calculate(contract.debtor_id, Asked(on=ON))

    assert answer.problem == ""
    found = [(line.penalty + line.interest, line.fee, line.net) for line in told.quote.lines]
    assert [tuple(map(str, each)) for each in found] == [each[3:] for each in TABLE_A]
    totals = told.quote.totals
    assert str(totals.total) == "17116.85"


def test_both_buckets_are_open_and_what_is_paid_is_not(contract, balance):
    balance({
        "paidInstallments": [row(1, "2021-06-30", "7000.00", receipts=[])],
        "dueInstallments": [row(2, "2021-10-30", "1000.00", "29.45")],
        "payableInstallments": [row(7, "2022-01-30", "1000.00")],
    })  # fmt: skip

    told = quote(contract)

    assert [(each.number, str(each.charges)) for each in told.rows] == [(2, "29.45"), (7, "0.00")]


def test_a_missing_bucket_is_an_empty_one(contract, balance):
    balance({"payableInstallments": [row(7, "2022-01-30", "1000.00")]})

    assert [each.number for each in quote(contract).rows] == [7]


def test_correction_and_charges_are_told_apart_and_residue_is_rounded_away(contract, balance):
    balance({"dueInstallments": [row(
        2, "2021-10-30", "1000.00",
        monetaryCorrectionValue=50.119999999999997, adjustedValue=1050.1199999999999,
        additionalValue=31.500000000000004, currentBalance=1081.6199999999999,
    )]})  # fmt: skip

    (told,) = quote(contract).rows

    assert (str(told.original), str(told.correction), str(told.charges)) == (
        "1000.00", "50.12", "31.50",
    )  # fmt: skip
    assert str(told.early_discount) == "0.00"


def test_a_cent_that_rounding_each_part_loses_is_charged(contract, balance):
    """50,124 and 31,504 are 81,62 each for itself, and 81,63 together."""
    balance({"dueInstallments": [row(
        2, "2021-10-30", "1000.00",
        monetaryCorrectionValue=50.124, additionalValue=31.504, currentBalance=1081.628,
    )]})  # fmt: skip

    (told,) = quote(contract).rows

    assert str(told.original + told.correction + told.charges) == "1081.63"


def test_paid_early_it_is_less_by_what_sienge_takes_off(contract, balance):
    balance({"payableInstallments": [row(51, "2022-12-10", "1086.80", currentBalance=788.13)]})

    (told,) = quote(contract).rows

    assert (str(told.original), str(told.early_discount)) == ("1086.80", "298.67")


def test_what_was_paid_of_a_late_one_is_not_owed(contract, balance):
    balance({"dueInstallments": [row(2, "2021-10-30", "1000.00", currentBalance=565.48)]})

    assert str(quote(contract).rows[0].original) == "565.48"


@pytest.mark.parametrize(
    ("told", "has"),
    [
        ({"latePaymentInterest": 3, "additionalValue": 0}, True),
        ({"latePaymentInterest": 0, "additionalValue": 0}, False),
        ({"latePaymentInterest": None, "additionalValue": 29.45, "currentBalance": 1029.45}, True),
        ({"latePaymentInterest": None, "additionalValue": None}, False),
    ],
)
def test_late_payment_terms_are_known_by_what_an_installment_says(contract, balance, told, has):
    balance({"dueInstallments": [row(2, "2021-10-30", "1000.00", **told)]})

    assert quote(contract).has_late_terms is has


def test_the_question_names_document_title_day_and_correction(contract, balance, sienge):
    balance({"dueInstallments": [row(2, "2021-10-30", "1000.00")]})
    configure(contract.agency, {p.ANNUAL_CORRECTION: "S"})

    quote(contract)

    (asked,) = [each for each in sienge.server.asked if "current-debit" in each.path]
    assert asked.query == {
        "cpf": "11144477735", "numberTitle": "295", "correctionDate": "2021-11-19",
        "correctAnnualInstallment": "S",
    }  # fmt: skip


def test_another_title_of_the_same_person_is_not_this_one(contract, balance):
    balance({"dueInstallments": [row(2, "2021-10-30", "1000.00")]}, title=296)

    assert list(quote(contract).rows) == []


def test_nothing_open_is_no_debt(contract, sienge):
    answer(sienge, Answer(404, {"status": 404, "clientMessage": "Nenhum título em aberto"}))

    told = quote(contract)

    assert (told.has_late_terms, list(told.rows)) == (False, [])


def test_without_a_document_it_says_what_is_missing(contract):
    contract.debtor.document = ""

    with pytest.raises(ErpRefusalError, match="não tem CPF nem CNPJ"):
        quote(contract)


def test_a_row_that_cannot_be_read_spoils_the_answer(contract, balance):
    balance({"dueInstallments": [row(2, "2021-10-30", "1000.00", originalValue="mil")]})

    with pytest.raises(ErpRefusalError, match="Saldo devedor ilegível"):
        quote(contract)


def test_a_sienge_that_is_down_is_said_to_be(contract, sienge):
    answer(sienge, Answer(503))

    with pytest.raises(ErpUnreachableError):
        quote(contract)


def test_without_a_connection_there_is_nothing_to_ask(in_scope, company):
    assert not gateway_for(company).can_quote
    assert not gateway_for(company).can_integrate
