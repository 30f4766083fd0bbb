"""Titles one by one: what they are, what is owed, statements and renegotiations."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from typing import Any

import msgspec

from integrations.core.calls import Call
from integrations.core.streaming import Row
from integrations.sienge import rows as r
from integrations.sienge.client.base import Endpoints, Resource
from integrations.sienge.client.decoding import several
from integrations.sienge.paging import list_all

STATEMENT = Resource(
    "ConsultarExtratoCliente",
    "/customer-financial-statements",
    "Extrato de Cliente",
    r.Statement,
)
REMADE = Resource("ConsultarReparcelamento", "/remade-installments", "Reparcelamentos", r.Remade)
TITLE = Resource(
    "BuscarContratoAvulso",
    "/accounts-receivable/receivable-bills/{}",
    "Títulos do Contas a Receber",
    r.Title,
)
TITLE_INSTALLMENTS = Resource(
    "ListarParcelasTitulo",
    "/accounts-receivable/receivable-bills/{}/installments",
    "Títulos do Contas a Receber",
    r.TitleInstallment,
)
DEBIT_BALANCE = Resource(
    "BuscarDivida",
    "/current-debit-balance",
    "Geração do saldo devedor presente do cliente",
    r.DebitBalance,
)
TITLES_INCOME = Resource(
    "ConsultarParcelasTitulosBulk",
    "/income/by-bills",
    "Bulk Data: Parcelas do Contas a Receber",
    r.Income,
)
PAID_INCOME = Resource(
    "ConsultarRecebimentosBulk",
    "/income",
    "Bulk Data: Parcelas do Contas a Receber",
    r.Income,
)

# An address may not grow without end; so many codes of ten digits make some five kilobytes.
_TITLES_A_CALL = 500
# Without these the installments that are closed, whatever closed them, are not told (2.11).
_ALL_OF_IT = {
    "includeRemadeInstallments": "S",
    "includeWriteOff": "S",
    "includeCancelation": "S",
    "includeRenegotiation": "S",
    "includeSubJudice": "true",
    "includeBankMovements": "true",
    "monetaryCorrectionForAnnualInstallment": "S",
    "monetaryCorrectionForDueDateInstallment": "S",
}


class Titles(Endpoints):
    """Reads of one title or a few, and the renegotiation of one."""

    def statement(self, customer: str, title: str = "") -> Row[r.Statement] | None:
        """GET /customer-financial-statements, of all titles of a customer or of one.

        With everything that closed installments. None when there is nothing.
        """
        about = {"billReceivableId": title} if title else {}
        params = {"customerId": customer, **about, **_ALL_OF_IT}
        call = self._call(STATEMENT, params, contract=title)
        return _one_statement(self._http.get(call, partial(several, STATEMENT.decoder)) or [])

    def remade(self, title: str = "", customer: str = "") -> list[Row[r.Remade]]:
        """GET /remade-installments of a title or a customer; none is an empty list."""
        about = {"billReceivableId": title, "customerId": customer}
        given = {name: value for name, value in about.items() if value}
        return list_all(lambda offset: self._page(REMADE, offset, **given), _remade_key)

    def title(self, title: str) -> Row[r.Title] | None:
        """GET /accounts-receivable/receivable-bills/{id}; None when there is none."""
        return self._one(TITLE, title, contract=title)

    def title_installments(self, title: str) -> list[Row[r.TitleInstallment]]:
        """GET …/receivable-bills/{id}/installments, all pages; none when there is no title."""
        return list_all(
            lambda offset: self._page(TITLE_INSTALLMENTS, offset, title),
            lambda row: row.installment_id or row.id,
        )

    def debit_balance(
        self, document: str, title: str, on: date, *, annual_correction: bool
    ) -> list[Row[r.DebitBalance]]:
        """GET /current-debit-balance of a CPF or CNPJ (digits); none when nothing is open."""
        params = {
            ("cnpj" if len(document) > 11 else "cpf"): document,
            **({"numberTitle": title} if title else {}),
            "correctionDate": on.isoformat(),
            "correctAnnualInstallment": "S" if annual_correction else "N",
        }
        call = self._call(DEBIT_BALANCE, params, contract=title, tells_refusal=True)
        return self._http.get(call, partial(several, DEBIT_BALANCE.decoder)) or []

    def income_of_titles(self, titles: Sequence[str]) -> Iterator[Row[r.Income]]:
        """GET bulk /income/by-bills: every installment of some titles, with its receipts.

        One bulk call for many titles; as with all bulk data, only a normal end means all.
        """
        for start in range(0, len(titles), _TITLES_A_CALL):
            some = titles[start : start + _TITLES_A_CALL]
            yield from self._stream(TITLES_INCOME, {"billsIds": ",".join(some)}, None)

    def paid_income(self, company: str, since: date, until: date) -> Iterator[Row[r.Income]]:
        """GET bulk /income: the installments of a company with receipts in a period."""
        period = {"startDate": since.isoformat(), "endDate": until.isoformat()}
        params = {**period, "selectionType": "P", "companyId": company, "completedBills": "S"}
        return self._stream(PAID_INCOME, params, None)

    def remake(self, body: dict[str, Any]) -> Any:
        """POST /remade-installments; returns what was answered, which need not be all of it."""
        call = Call(
            "IncluirReparcelamento",
            self._rest + REMADE.path,
            REMADE.permission,
            contract=str(body.get("billReceivableId", "")),
        )
        return self._write(call, "POST", body, msgspec.json.decode)

    def undo_remade(self, title: str, remade_on: date) -> bool:
        """DELETE /remade-installments; False when there is none of that title and day."""
        params = {
            "billReceivableId": title,
            "remadeDate": remade_on.isoformat(),
            "validateGeneratedCollection": "true",
        }
        url = self._rest + REMADE.path
        call = Call("ExcluirReparcelamento", url, REMADE.permission, params, contract=title)
        return self._delete(call)


def _one_statement(rows: list[Row[r.Statement]]) -> Row[r.Statement] | None:
    """Return a statement that came in pieces as one; a piece that is unreadable spoils it."""
    if len(rows) < 2:
        return rows[0] if rows else None
    bills: list[r.StatementBill] = []
    for row in rows:
        if row.value is None:
            return row
        told = row.value.bills_receivable
        bills += told if isinstance(told, list) else [told] if told else []
    return Row(rows[0].raw, r.Statement(bills_receivable=bills))


def _remade_key(row: r.Remade) -> object:
    return row.remade_date and (
        f"{row.receivable_bill_id or row.bill_receivable_id or row.bill_id} {row.remade_date} "
        f"{row.remade_installments_description} {row.generated_installments_description}"
    )
