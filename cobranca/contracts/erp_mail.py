"""What the ERP is asked to send to a debtor by e-mail: boletos, statements, balances (SIE-23, 26).

The ERP sends it itself: it comes from the address that the creditor's customers know, with the
paper that the creditor registered, and nothing of it passes through here. Asked while the
collector waits, so that the answer is the ERP's own; never within a transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import TextChoices

from cobranca.accounts.models import User
from cobranca.audit.services import log_action
from cobranca.common.errors import DomainError
from cobranca.contracts.erp import ErpUnconfirmedError, Mail, gateway_for
from cobranca.contracts.models import Contract, EventKind
from cobranca.contracts.second_copies import find_installment, read_copy, shown, tell
from cobranca.contracts.services import record_event
from cobranca.debtors.emails import check_email, choose_email
from cobranca.debtors.models import EmailAddress
from cobranca.debtors.outreach import ask_leave

SUBJECT_LIMIT, MESSAGE_LIMIT = 120, 2000
UNCONFIRMED = "O ERP não confirmou o envio: pode ter saído."


class Paper(TextChoices):
    """What the ERP sends about a contract's customer."""

    STATEMENT = "extrato", "Extrato do cliente"
    BALANCE = "saldo", "Saldo devedor atual"


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Who wants it sent and when, to whom and with which words; else it goes to the main e-mail."""

    actor: User | None
    at: datetime
    email_id: int | None = None
    subject: str = ""
    message: str = ""


def can_mail_papers(contract: Contract) -> bool:
    """Tell whether the contract's ERP sends statements."""
    return bool(contract.external_debtor) and gateway_for(contract.creditor).can_send_statements


def mail_paper(contract: Contract, paper: Paper, wish: Wish) -> EmailAddress:
    """Have the ERP send a statement or a balance; return where to.

    Raises DomainError at `email` when there is nowhere to send it, or the law of contact is
    against it.
    """
    if not can_mail_papers(contract):
        raise DomainError("O ERP deste credor não envia extratos por aqui.")
    email = check_email(choose_email(contract.debtor, wish.email_id))
    gateway = gateway_for(contract.creditor)
    ask = gateway.mail_balance if paper == Paper.BALANCE else gateway.mail_statement
    mail = _mail(email, wish, f"{paper.label} - contrato {contract}")

    def record(note: str) -> None:
        record_event(
            EventKind.NOTICE,
            debtor=contract.debtor,
            contract=contract,
            title=f"{paper.label} enviado por e-mail",
            text="\n".join(filter(None, [f"Contrato: {contract}", f"Para: {email.email}", note])),
            actor=wish.actor,
        )
        log_action(f"{paper.value}.mailed", contract, wish.actor, agency=contract.debtor.agency)

    ask_leave(debtor=contract.debtor, email=email, actor=wish.actor, at=wish.at)
    _ask(lambda: ask(contract, mail), record)
    return email


def mail_copy(installment_id: int, wish: Wish, *, on: date) -> EmailAddress:
    """Have the ERP send an installment's boleto, after a look at it; return where to.

    Raises DomainError at `email` as `mail_paper` does, and as `read_copy` does.
    """
    installment = find_installment(installment_id)
    contract = installment.contract
    email = check_email(choose_email(contract.debtor, wish.email_id))
    copy = read_copy(installment, on=on)
    title = f"2ª via do boleto - contrato {contract}, parcela {shown(installment)}"
    mail = _mail(email, wish, title)

    def record(note: str) -> None:
        more = "\n".join(filter(None, [f"Para: {email.email}", note]))
        tell("2ª via do boleto enviada por e-mail", copy, wish.actor, more)
        log_action("boleto.mailed", installment, wish.actor, agency=contract.debtor.agency)

    ask_leave(debtor=contract.debtor, email=email, actor=wish.actor, at=wish.at)
    _ask(lambda: gateway_for(contract.creditor).mail_second_copy(installment, mail), record)
    return email


def _mail(email: EmailAddress, wish: Wish, title: str) -> Mail:
    subject = " ".join(wish.subject.split()) or title
    if len(subject) > SUBJECT_LIMIT:
        raise DomainError(f"Assunto longo demais: até {SUBJECT_LIMIT} letras.", "subject")
    message = wish.message.strip()
    if len(message) > MESSAGE_LIMIT:
        raise DomainError(f"Mensagem longa demais: até {MESSAGE_LIMIT} letras.", "message")
    return Mail(to=email.email, subject=subject, message=message)


def _ask(ask: Callable[[], None], record: Callable[[str], None]) -> None:
    """Ask the ERP and put on the timeline what came of it; a refusal leaves no trace there."""
    try:
        ask()
    except ErpUnconfirmedError as error:
        with transaction.atomic():
            record(UNCONFIRMED)
        raise ErpUnconfirmedError(f"{UNCONFIRMED} Confirme com o cliente.") from error
    with transaction.atomic():
        record("")
