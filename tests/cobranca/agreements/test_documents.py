"""Documents drawn for real and read back: what they say, to the centavo."""

from datetime import date
from decimal import Decimal

import pytest

from cobranca.agreements import documents
from cobranca.agreements.parameters import DAYS_TO_BREACH
from cobranca.agreements.services import approve_agreement, break_agreement, reverse_payment
from cobranca.common.extenso import money_in_words
from cobranca.debtors.models import Address
from tests import factories
from tests.cobranca.agreements.making import (
    TODAY,
    agree,
    make_book,
    pay,
    price,
    set_parameter,
)
from tests.cobranca.agreements.papers import furnish, money, pages_of, term_of, text_of


@pytest.fixture
def campaign(in_scope, creditor, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return furnish(creditor)


@pytest.fixture
def debtor(agency):
    debtor = factories.make_debtor(agency, name="Ana Souza", document="11144477735")
    Address._base_manager.create(
        agency=agency, debtor=debtor, street="Rua das Flores", street_number="100",
        city="Joinville", state="SC", postal_code="89200000", fingerprint="1",
    )  # fmt: skip
    return debtor


@pytest.fixture
def contract(in_scope, campaign, creditor, debtor):
    contract = factories.make_contract(creditor, debtor, number="3712", unit="Torre A 1204")
    make_book(contract, ["1000.00", "1000.00", "1000.00"])
    return contract


@pytest.fixture
def agreement(contract, supervisor):
    return agree(
        contract,
        supervisor,
        parts=6,
        first_due=date(2026, 4, 10),
        down_payment=Decimal(500),
        discount="10",
        expenses=Decimal("35.90"),
    )


# --- termo de acordo ------------------------------------------------------------------------------


def test_the_term_names_the_parties(agreement, agency):
    text = text_of(term_of(agreement))

    assert "Credor Horizonte Incorporadora SPE Ltda, CNPJ" in text
    assert "Rua Bocaiúva, 2468 · Florianópolis/SC · 88015-530" in text
    assert f"Representado por {agency.name}, CNPJ" in text
    assert "Devedor Ana Souza, CPF 111.444.777-35" in text
    assert "Rua das Flores, 100 · Joinville/SC · 89200-000" in text
    assert "do contrato 3712 (Torre A 1204)" in text


def test_the_term_shows_each_original_and_the_sums(agreement):
    text = text_of(term_of(agreement))

    # 20,00 of multa; 1 % a month from Monday the 12th: 63 days, 21,00; HO of 10 %.
    assert "1 10/01/2026 1.000,00 0,00 41,00 104,10 100,00 1.045,10" in text
    items = list(agreement.items.all())
    assert f"Total 3.000,00 0,00 {money(sum(i.penalty + i.interest for i in items))}" in text
    assert f"Dívida atualizada R$ {money(agreement.updated_debt)}" in text
    assert "Desconto − R$ 300,00" in text
    assert "Despesas R$ 35,90" in text
    assert f"Total do acordo R$ {money(agreement.agreed)}" in text
    assert f"Total a pagar R$ {money(agreement.total)}" in text


def test_the_term_says_what_is_paid_when_and_what_it_costs(agreement):
    text = text_of(term_of(agreement))

    parcels = list(agreement.parcels.all())
    assert "com entrada de R$ 500,00 e mais 6 parcelas" in text
    assert f"Valor financiado: R$ {money(agreement.agreed - 500)}" in text
    assert "à taxa de 1,00% ao mês (12,68% ao ano)" in text
    assert f"Juros do parcelamento: R$ {money(agreement.financing)}" in text
    assert "Entrada 16/03/2026 500,00" in text
    for parcel in parcels[1:]:
        assert f"{parcel.number} {parcel.due_date:%d/%m/%Y} {money(parcel.amount)}" in text
    assert money(sum(parcel.amount for parcel in parcels)) == money(agreement.total)


def test_the_term_has_the_total_in_words_and_lines_to_sign(contract, supervisor):
    made = agree(contract, supervisor, discount="5")

    text = text_of(term_of(made))

    assert "em uma parcela" in text
    assert f"R$ {money(made.total)} ({money_in_words(made.total)})" in text
    assert "Florianópolis/SC, 16 de março de 2026." in text
    assert "Testemunha 1" in text


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ("15", "O atraso de 15 dias no pagamento de qualquer parcela quebra este acordo"),
        ("1", "O atraso de 1 dia no pagamento"),
        ("0", "permite ao credor dar este acordo por quebrado"),
    ],
)
def test_the_breach_clause_is_the_creditors_setting(agreement, creditor, days, words):
    set_parameter(DAYS_TO_BREACH, days, creditor)

    assert words in text_of(term_of(agreement))


def test_pages_are_numbered_and_name_their_agreement(agreement, agency):
    first, second = pages_of(term_of(agreement))

    assert "Página 1 de 2" in first
    assert "Página 2 de 2" in second
    assert f"Termo de acordo nº {agreement.number} · Ana Souza" in second
    for page in (first, second):
        assert agency.name in page
        assert "Emitido em 16/03/2026" in page


def test_a_proposal_says_until_when_it_holds_and_is_not_signed(contract, supervisor):
    made = agree(contract, supervisor, mode="proposal", discount="10")

    text = text_of(term_of(made))

    assert text.startswith("Horizonte")
    assert f"Proposta de acordo nº {made.number}" in text
    assert "Vale até 21/03/2026" in text
    assert "Testemunha" not in text


def test_what_is_not_in_force_says_so_on_every_page(contract, collector, supervisor):
    made = agree(contract, collector, discount="40", parts=40, first_due=date(2026, 4, 10))
    assert all("SEM VALIDADE" in page for page in pages_of(term_of(made)))

    approve_agreement(agreement_id=made.pk, actor=supervisor, on=TODAY)
    assert "SEM VALIDADE" not in text_of(term_of(made))

    break_agreement(agreement_id=made.pk, actor=supervisor, on=TODAY, reason="pediu")
    assert all("QUEBRADO" in page for page in pages_of(term_of(made)))


# --- recibo ---------------------------------------------------------------------------------------


def test_a_receipt_says_how_much_from_whom_for_what(agreement, collector):
    (payment,) = pay(agreement, collector, "500.00")

    (page,) = pages_of(documents.receipt(payment, on=TODAY))

    assert f"Recibo nº {agreement.number}/1" in page
    assert "Recebemos de Ana Souza, CPF 111.444.777-35, a quantia de R$ 500,00" in page
    assert "(quinhentos reais), em 16/03/2026, referente à entrada do acordo" in page
    assert "Falta pagar R$ " + money(agreement.total - 500) in page
    assert "ESTORNADO" not in page


def test_the_receipt_of_a_reversed_payment_cannot_pass_for_a_good_one(agreement, collector):
    (payment,) = pay(agreement, collector, "500.00")
    reversed_one = reverse_payment(payment_id=payment.pk, actor=collector, on=TODAY, reason="x")

    text = text_of(documents.receipt(reversed_one, on=TODAY))

    assert text.count("ESTORNADO") == 2
    assert "estornado em 16/03/2026: este recibo não vale" in text
    assert "Damos quitação" not in text


def test_the_last_receipt_closes_the_agreement(agreement, collector):
    payments = pay(agreement, collector)

    text = text_of(documents.receipt(payments[-1], on=TODAY))

    assert "à parcela 6 de 6" in text
    assert "Com ele, o acordo está quitado." in text
    assert f"Recibo nº {agreement.number}/7" in text


# --- demonstrativo and memória --------------------------------------------------------------------


def test_a_debt_statement_adds_up_and_says_where_figures_come_from(contract, creditor):
    other = factories.make_contract(creditor, contract.debtor, number="4001")
    make_book(other, ["2500.00"])
    made = price(contract)

    text = text_of(documents.debt_statement(documents.of_calculation(made), on=TODAY))

    totals = made.quote.totals
    assert "Contrato Parcela Vencimento Atraso Valor Multa Juros Honorários Total" in text
    assert "3712 1 10/01/2026 63 1.000,00 20,00 21,00" in text
    assert "4001 1 10/03/2026 6 2.500,00 50,00 5,00" in text
    assert f"Total 5.500,00 110,00 {money(totals.interest)} {money(totals.fee)}" in text
    assert f"Total em 16/03/2026 R$ {money(totals.total)}" in text
    assert "Campanha Padrão, faixa de" in text


def test_a_debt_statement_tells_what_an_agreement_holds(contract, supervisor):
    rows = [row.pk for row in contract.installments.order_by("number")]
    agree(contract, supervisor, selection=rows[:1])

    text = text_of(documents.debt_statement(documents.of_calculation(price(contract)), on=TODAY))

    assert "não traz 1 parcela que está em acordo" in text


def test_a_kept_calculation_gives_the_same_debt_statement(contract, supervisor):
    made = price(contract)
    agreement = agree(contract, supervisor)
    contract.installments.update(balance=Decimal("1.00"))

    kept = documents.debt_statement(documents.of_quote(agreement.quote), on=TODAY)

    assert f"Total em 16/03/2026 R$ {money(made.quote.totals.total)}" in text_of(kept)


def test_the_statement_explains_every_figure(agreement, contract):
    text = text_of(documents.statement_of_agreement(agreement, on=TODAY))

    assert "Contrato 3712, parcela 1" in text
    assert "Juros R$ 1.000,00 × 1,00% ÷ 30 × 63 dias" in text
    assert "origem: Campanha Padrão, faixa de" in text
    assert "arredondamento: ao centavo, meio centavo para cima" in text
    assert "1. Código Civil, art. 132, § 1º; Lei 7.089/1983" in text
    assert "CAL-" not in text
    assert f"impressão {agreement.quote.fingerprint[:16]}" in text


def test_a_calculation_not_kept_has_its_statement_too(contract):
    made = price(contract)

    text = text_of(documents.statement_of_calculation(made, on=TODAY))

    steps = [step for section in made.statement.sections for step in section.steps]
    assert all(step.shown.replace("\u00a0", " ") in text for step in steps)
