"""Statements that Sienge sends to its customers by e-mail (SIE-26)."""

from html import escape
from typing import Any

from cobranca.contracts.erp import Mail
from cobranca.contracts.models import Contract
from integrations.sienge.access import Access
from integrations.sienge.second_copy import as_number

FILE_NAME = "saldo-devedor"


def mail_statement(access: Access, contract: Contract, mail: Mail) -> None:
    """Have Sienge send the statement of a contract's customer, of that title alone."""
    body: dict[str, Any] = {
        **_addressed(contract, mail),
        "billReceivableId": as_number(contract.external_id),
    }
    access.client.mail_statement(body)


def mail_balance(access: Access, contract: Contract, mail: Mail) -> None:
    """Have Sienge send the present debit balance of a contract's customer, of all titles."""
    access.client.mail_balance({**_addressed(contract, mail), "fileName": FILE_NAME})


def _addressed(contract: Contract, mail: Mail) -> dict[str, Any]:
    return {
        "customerId": as_number(contract.external_debtor),
        "email": mail.to,
        "subject": mail.subject,
        # Sienge puts it into a page of its own.
        "message": escape(mail.message, quote=False).replace("\n", "<br>"),
    }
