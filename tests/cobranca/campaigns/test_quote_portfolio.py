"""A portfolio's position from the command line."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests import factories


def position(creditor, *options: str) -> str:
    out = StringIO()
    call_command(
        "quote_portfolio",
        "--creditor",
        str(creditor.pk),
        "--on",
        "2026-04-09",
        *options,
        stdout=out,
    )
    return out.getvalue()


@pytest.fixture
def owing(in_scope, creditor, debtor):
    factories.make_cash_bracket(factories.make_campaign(creditor))
    factories.make_installment(factories.make_contract(creditor, debtor), 1)


def test_the_sums_are_printed(owing, creditor):
    told = json.loads(position(creditor, "--json"))

    assert (told["debtors"], told["installments"], told["refused"]) == (1, 1, 0)
    assert (told["charges"], told["fee"], told["updated"]) == ("30.00", "103.00", "1133.00")


def test_a_file_has_a_line_for_each_debtor(owing, creditor, debtor, tmp_path):
    path = tmp_path / "posicao.csv"

    position(creditor, "--output", str(path))

    header, line = path.read_text("utf-8-sig").splitlines()
    assert header.startswith("Devedor;CPF/CNPJ")
    assert line == f"{debtor.name};{debtor.document};1;1000,00;20,00;10,00;103,00;1133,00"


def test_what_nobody_prices_is_said_and_fails(in_scope, creditor, debtor, capsys):
    factories.make_installment(factories.make_contract(creditor, debtor), 1)

    with pytest.raises(SystemExit, match="1"):
        position(creditor)


def test_an_unknown_creditor_is_said(db, creditor):
    with pytest.raises(CommandError, match="não existe"):
        call_command("quote_portfolio", "--creditor", "999999")
