"""Documents of hostile, huge and broken things: safe, whole, and nothing over the edge."""

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
from cobranca.common.errors import DomainError
from tests import factories
from tests.cobranca.agreements.making import TODAY, agree, make_book, price
from tests.cobranca.agreements.papers import (
    faults_of,
    furnish,
    is_drawn_on,
    money,
    pages_of,
    picture,
    term_of,
    text_of,
)


@pytest.fixture
def campaign(in_scope, creditor, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return furnish(creditor)


@pytest.fixture
def agreement(contract, supervisor):
    return agree(contract, supervisor)


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

    document = term_of(made)

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

    text = text_of(term_of(made))

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
    assert is_drawn_on(term_of(agreement))


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_every_kind_of_logo_that_may_be_uploaded_is_drawn(agreement, creditor, kind):
    creditor.logo.save(f"marca.{kind.lower()}", ContentFile(picture(kind)))

    assert is_drawn_on(term_of(agreement))


@pytest.mark.parametrize(
    "content",
    [b"", b"not a picture", picture()[:60], b"<svg xmlns='http://www.w3.org/2000/svg'/>", bomb()],
    ids=["empty", "text", "cut off", "svg", "bomb"],
)
def test_a_broken_logo_does_not_break_the_document(agreement, creditor, content):
    creditor.logo.save("marca.png", ContentFile(content))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of the bomb before it is refused
        document = term_of(agreement)

    assert text_of(document).startswith("Horizonte")


def test_a_logo_that_is_gone_or_never_was_is_simply_left_out(agreement, creditor):
    creditor.logo.storage.delete(creditor.logo.name)
    assert not term_of(agreement).files

    creditor.logo = ""
    creditor.save()
    assert not term_of(agreement).files


# --- a system that cannot draw --------------------------------------------------------------------


def test_without_the_systems_libraries_a_sentence_says_what_to_install(agreement, monkeypatch):
    monkeypatch.setattr(libraries, "NEEDED", ("libnothing.so.0",))
    libraries.missing_libraries.cache_clear()
    try:
        with pytest.raises(DomainError, match="instale os pacotes libpango"):
            term_of(agreement).pdf()
        (warning,) = checks.check_pdf_libraries()
    finally:
        libraries.missing_libraries.cache_clear()

    assert warning.id == "documents.W001"
    assert "libnothing.so.0" in warning.msg


def test_where_they_are_there_is_nothing_to_warn_of():
    assert checks.check_pdf_libraries() == []
