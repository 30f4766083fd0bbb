"""Documents drawn for real and read back: figures, pages, and what hostile data does to them."""

import socket
import struct
import warnings
import zlib
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from cobranca.agreements import documents
from cobranca.agreements.documents import checks, libraries
from cobranca.agreements.documents.rendering import body_of, render_pdf, visible
from cobranca.agreements.models import Agreement
from cobranca.agreements.parameters import DAYS_TO_BREACH
from cobranca.agreements.services import approve_agreement, break_agreement, reverse_payment
from cobranca.common.errors import DomainError
from cobranca.common.extenso import money_in_words
from cobranca.debtors.models import Address
from tests import factories
from tests.cobranca.agreements.making import (
    CEILINGS,
    TODAY,
    agree,
    make_book,
    pay,
    price,
    set_parameter,
)
from tests.cobranca.agreements.papers import (
    faults_of,
    is_drawn_on,
    pages_of,
    picture,
    text_of,
)


@pytest.fixture
def campaign(in_scope, creditor, settings, tmp_path):
    """A creditor with an address and a logo; 2 %, 1 % a month, 10 %; parcels at 1 % a month."""
    settings.MEDIA_ROOT = tmp_path
    creditor.legal_name, creditor.trade_name = "Horizonte Incorporadora SPE Ltda", "Horizonte"
    creditor.street, creditor.street_number = "Rua Bocaiúva", "2468"
    creditor.city, creditor.state, creditor.postal_code = "Florianópolis", "SC", "88015530"
    creditor.logo.save("marca.png", ContentFile(picture()))
    campaign = factories.make_campaign(creditor, name="Padrão")
    factories.make_cash_bracket(campaign, **CEILINGS)
    factories.make_instalment_bracket(campaign, **CEILINGS, monthly_rate_percent=Decimal(1))
    return campaign


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


def term(agreement):
    return documents.term(Agreement.objects.get(pk=agreement.pk), on=TODAY)


# --- termo de acordo ------------------------------------------------------------------------------


def test_the_term_names_the_parties(agreement, agency):
    text = text_of(term(agreement))

    assert "Credor Horizonte Incorporadora SPE Ltda, CNPJ" in text
    assert "Rua Bocaiúva, 2468 · Florianópolis/SC · 88015-530" in text
    assert f"Representado por {agency.name}, CNPJ" in text
    assert "Devedor Ana Souza, CPF 111.444.777-35" in text
    assert "Rua das Flores, 100 · Joinville/SC · 89200-000" in text
    assert "do contrato 3712 (Torre A 1204)" in text


def test_the_term_shows_each_original_and_the_sums(agreement):
    text = text_of(term(agreement))

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
    text = text_of(term(agreement))

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

    text = text_of(term(made))

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

    assert words in text_of(term(agreement))


def test_pages_are_numbered_and_name_their_agreement(agreement, agency):
    first, second = pages_of(term(agreement))

    assert "Página 1 de 2" in first
    assert "Página 2 de 2" in second
    assert f"Termo de acordo nº {agreement.number} · Ana Souza" in second
    for page in (first, second):
        assert agency.name in page
        assert "Emitido em 16/03/2026" in page


def test_a_proposal_says_until_when_it_holds_and_is_not_signed(contract, supervisor):
    made = agree(contract, supervisor, mode="proposal", discount="10")

    text = text_of(term(made))

    assert text.startswith("Horizonte")
    assert f"Proposta de acordo nº {made.number}" in text
    assert "Vale até 21/03/2026" in text
    assert "Testemunha" not in text


def test_what_is_not_in_force_says_so_on_every_page(contract, collector, supervisor):
    made = agree(contract, collector, discount="40", parts=40, first_due=date(2026, 4, 10))
    assert all("SEM VALIDADE" in page for page in pages_of(term(made)))

    approve_agreement(agreement_id=made.pk, actor=supervisor, on=TODAY)
    assert "SEM VALIDADE" not in text_of(term(made))

    break_agreement(agreement_id=made.pk, actor=supervisor, on=TODAY, reason="pediu")
    assert all("QUEBRADO" in page for page in pages_of(term(made)))


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


# --- long, wide and hostile -----------------------------------------------------------------------


@pytest.fixture
def long_book(campaign, creditor, agency):
    """360 late installments in two contracts, one with the longest number there can be."""
    debtor = factories.make_debtor(agency, name="N" * 150)
    for number in ("X" * 40, "999"):
        contract = factories.make_contract(creditor, debtor, number=number, unit="U" * 60)
        for back in range(180):
            months = 2026 * 12 + 1 - back
            factories.make_installment(
                contract,
                back + 1,
                due_date=date(months // 12, months % 12 + 1, 10),
                label=f"{180 - back}/180",
                principal=Decimal("1234.56"),
            )
    return contract


def test_360_installments_repeat_their_heads_and_lose_no_row(long_book):
    made = price(long_book)
    document = documents.debt_statement(documents.of_calculation(made), on=TODAY)

    pages = pages_of(document)

    assert len(pages) > 8
    with_rows = [page for page in pages if "1.234,56" in page]
    assert all("Vencimento Atraso Valor" in page for page in with_rows)
    assert sum(page.count(" 1.234,56 ") for page in pages) == 360
    assert f"Página {len(pages)} de {len(pages)}" in pages[-1]
    assert money(made.quote.totals.total) in pages[-1]
    assert faults_of(document) == []


def test_a_document_that_would_take_minutes_is_refused(long_book, monkeypatch):
    monkeypatch.setattr("cobranca.agreements.documents.statements.MOST_INSTALLMENTS", 300)

    with pytest.raises(DomainError, match="selecione menos"):
        documents.statement_of_calculation(price(long_book), on=TODAY)


def test_the_largest_amounts_fit_their_columns(contract, creditor, supervisor):
    other = factories.make_contract(creditor, contract.debtor, number="R/2024-00000017")
    make_book(other, ["99999999.99"] * 3)
    made = agree(contract, supervisor, parts=180, first_due=date(2026, 4, 10), discount="1")

    document = term(made)

    assert "99.999.999,99" in text_of(document)
    assert faults_of(document) == []


HOSTILE = [
    "<script>alert(1)</script>\"'&amp;",
    "<img src=file:///etc/passwd><object data='file:///etc/passwd'>",
    "<link rel=attachment href=file:///etc/passwd><style>*{display:none}</style>",
    "{{ settings.SECRET_KEY }}{% load x %}",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_only_text(contract, creditor, supervisor, name):
    contract.debtor.name = name
    contract.debtor.save()
    creditor.legal_name = creditor.trade_name = name
    creditor.save()
    made = agree(contract, supervisor)

    text = text_of(term(made))

    # Long words are broken where they have to be.
    assert text.replace(" ", "").count(name.replace(" ", "")) >= 5
    assert "root:" not in text
    assert "1. Dívida" in text


def test_characters_that_turn_the_writing_round_are_left_out():
    assert visible("Ana\u202e00,1 $R\u2066\x00\x07\ufeff") == "Ana00,1 $R"
    assert visible("R$ 1,00") == "R$\u00a01,00"


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/x.png",
        "https://example.com/x.css",
        "file:///etc/passwd",
        "ftp://example.com/x",
        "data:image/png;base64,AAAA",
        "given:other.png",
        "ours:nothing.css",
        "ours:../settings/base.py",
        "ours:/etc/passwd",
        "/etc/passwd",
    ],
)
def test_nothing_but_our_own_files_is_fetched(address):
    with pytest.raises(Exception, match="fora do documento|outside"):
        body_of(address, {"logo.png": b""})


def test_a_document_reaches_for_no_network(monkeypatch):
    def connect(*args):
        raise AssertionError("a document looked outside")

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "getaddrinfo", connect)
    html = (
        "<style>@import 'http://198.51.100.1/a.css'; p{background:url(http://198.51.100.1/b)}"
        "@font-face{font-family:X;src:url(http://198.51.100.1/f)}</style>"
        "<link rel=stylesheet href=http://198.51.100.1/c.css><img src=http://198.51.100.1/d.png>"
        "<link rel=attachment href=file:///etc/passwd><embed src=file:///etc/passwd><p>fim"
    )

    made = render_pdf(html)

    assert made.startswith(b"%PDF-")
    assert b"EmbeddedFile" not in made


# --- logos ----------------------------------------------------------------------------------------


def bomb():
    """A PNG of 300 bytes that says it has 60.000 × 60.000 points."""
    head = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def test_the_logo_is_drawn(agreement):
    assert is_drawn_on(term(agreement))


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_every_kind_of_logo_that_may_be_uploaded_is_drawn(agreement, creditor, kind):
    creditor.logo.save(f"marca.{kind.lower()}", ContentFile(picture(kind)))

    assert is_drawn_on(term(agreement))


@pytest.mark.parametrize(
    "content",
    [b"", b"not a picture", picture()[:60], b"<svg xmlns='http://www.w3.org/2000/svg'/>", bomb()],
    ids=["empty", "text", "cut off", "svg", "bomb"],
)
def test_a_broken_logo_does_not_break_the_document(agreement, creditor, content):
    creditor.logo.save("marca.png", ContentFile(content))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of the bomb before it is refused
        document = term(agreement)

    assert text_of(document).startswith("Horizonte")


def test_a_logo_that_is_gone_or_never_was_is_simply_left_out(agreement, creditor):
    creditor.logo.storage.delete(creditor.logo.name)
    assert not term(agreement).files

    creditor.logo = ""
    creditor.save()
    assert not term(agreement).files


# --- a system that cannot draw --------------------------------------------------------------------


def test_without_the_systems_libraries_a_sentence_says_what_to_install(agreement, monkeypatch):
    monkeypatch.setattr(libraries, "NEEDED", ("libnothing.so.0",))
    libraries.missing_libraries.cache_clear()
    try:
        with pytest.raises(DomainError, match="instale os pacotes libpango"):
            term(agreement).pdf()
        (warning,) = checks.check_pdf_libraries()
    finally:
        libraries.missing_libraries.cache_clear()

    assert warning.id == "documents.W001"
    assert "libnothing.so.0" in warning.msg


def test_where_they_are_there_is_nothing_to_warn_of():
    assert checks.check_pdf_libraries() == []


def money(value):
    return f"{value:,.2f}".translate(str.maketrans(",.", ".,"))
