"""E-mails the ERP sends to customers: balance, statement, second copy of a boleto."""

import re
from typing import Any

from integrations.sandbox.messages import Reply
from integrations.sienge.sandbox import model as m
from integrations.sienge.sandbox.call import Call
from integrations.sienge.sandbox.errors import ApiError, invalid_field
from integrations.sienge.sandbox.routes import Route
from integrations.sienge.sandbox.views.bodies import sent_object, whole_number

_ADDRESS = re.compile(r"[^@\s;,]+@[^@\s;,]+\.[^@\s;,]+")
_LONGEST = {"subject": 255, "message": 4000, "fileName": 100}


def mail_balance(call: Call) -> Reply:
    """Queue the present debit balance to one or more addresses."""
    sent = sent_object(call)
    customer = _customer(call, sent)
    _send(call, _of_customer(call, sent, "balance", customer))
    return Reply(status=201, raw=b"")


def mail_statement(call: Call) -> Reply:
    """Send the statement of a customer, or of one of the bills they hold."""
    sent = sent_object(call)
    customer = _customer(call, sent)
    bill_id = sent.get("billReceivableId")
    if bill_id is not None:
        bill_id = whole_number(sent, "billReceivableId")
        if bill_id not in {bill.id for bill in call.world.bills_of(customer.id)}:
            raise ApiError(404, client="Título não encontrado para o cliente")
    _send(call, _of_customer(call, sent, "statement", customer, bill_id))
    return Reply(status=204)


def mail_second_copy(call: Call) -> Reply:
    """Send the boleto of an installment; 404 when it is not sent."""
    sent = sent_object(call)
    bill_id = whole_number(sent, "receivableBillId")
    number = whole_number(sent, "installmentId")
    to = _addresses(sent, "emailCustomer")
    bill = call.world.bills.get(bill_id)
    row = bill.installments.get(number) if bill else None
    if bill is None or row is None or not row.has_boleto or not row.is_open:
        raise ApiError(404, "Boleto não enviado", "Não foi possível enviar a segunda via do boleto")
    mail = m.Mail(
        kind="boleto",
        to=to,
        subject=str(sent.get("emailTitle") or "2ª via do boleto"),
        text=str(sent.get("emailBody") or ""),
        on=call.world.today,
        customer_id=bill.customer_id,
        bill_id=bill.id,
        installment_id=row.id,
        attachment=f"boleto-{bill.id}-{row.id}.pdf",
    )
    _send(call, mail)
    return Reply(status=201, raw=b"")


def _customer(call: Call, sent: dict[str, Any]) -> m.Customer:
    customer = call.world.customers.get(whole_number(sent, "customerId"))
    if customer is None:
        raise ApiError(404, client="Cliente não encontrado")
    return customer


def _of_customer(
    call: Call, sent: dict[str, Any], kind: str, customer: m.Customer, bill_id: int | None = None
) -> m.Mail:
    for field, longest in _LONGEST.items():
        if len(str(sent.get(field) or "")) > longest:
            raise invalid_field(field, f"tamanho máximo {longest}")
    return m.Mail(
        kind=kind,
        to=_addresses(sent, "email"),
        subject=str(sent.get("subject") or ""),
        text=str(sent.get("message") or ""),
        on=call.world.today,
        customer_id=customer.id,
        bill_id=bill_id,
        attachment=f"{sent.get('fileName') or kind}.pdf",
    )


def _addresses(sent: dict[str, Any], field: str) -> tuple[str, ...]:
    """Return the addresses of a field, joined by semicolons; 400 when one is none."""
    found = tuple(part.strip() for part in str(sent.get(field) or "").split(";") if part.strip())
    if not found or not all(_ADDRESS.fullmatch(address) for address in found):
        raise invalid_field(field, "e-mail inválido")
    return found


def _send(call: Call, mail: m.Mail) -> None:
    call.world.mails.append(mail)


ROUTES = [
    Route(
        "POST",
        "/email-current-debit-balance",
        "email-current-debit-balance",
        mail_balance,
        changes=True,
    ),
    Route(
        "POST",
        "/customer-financial-statements",
        "customer-financial-statements",
        mail_statement,
        changes=True,
    ),
    Route(
        "POST",
        "/payment-slip-notification",
        "payment-slip-notification",
        mail_second_copy,
        changes=True,
    ),
]
