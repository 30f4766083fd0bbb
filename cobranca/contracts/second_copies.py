"""The second copy of an installment's original boleto: asked of the ERP, checked, told (SIE-23).

It waits for the network: outside any transaction, never while a page is built. Nothing of it is
stored but the event: the paper is the ERP's and lives as long as its link.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import NoReturn

from django.db import transaction

from cobranca.accounts.models import User
from cobranca.audit.services import log_action
from cobranca.calc.calendar import effective_due_date
from cobranca.calc.words import day_text, reais
from cobranca.common.boletos import Slip, format_line, read_line
from cobranca.common.errors import DomainError, NotFoundError
from cobranca.contracts.erp import SecondCopy, gateway_for
from cobranca.contracts.models import EventKind, Installment
from cobranca.contracts.selectors import OWED
from cobranca.contracts.services import record_event
from cobranca.contracts.states import InstallmentStatus
from cobranca.creditors.selectors import value_of
from cobranca.creditors.standard_parameters import BLOCK_NEW_DUE_DATE

ISSUED = "2ª via do boleto emitida"
UNREADABLE = (
    "A linha digitável que o ERP devolveu não confere: nenhum banco a aceitaria. "
    "Use o boleto em PDF e avise o credor."
)


@dataclass(frozen=True)
class IssuedCopy:
    """A boleto as the ERP issued it for an installment, and what its line says.

    `slip` is None when the line cannot be believed; `problem` then says so.
    """

    installment: Installment
    on: date
    line: str
    slip: Slip | None
    problem: str = ""
    pdf: bytes = b""

    @property
    def shown_line(self) -> str:
        """The line with its dots and blanks; one that is none as it came."""
        return format_line(self.slip.line) if self.slip else self.line

    @property
    def due_date(self) -> date | None:
        """Until when it can be paid without charges; None where the line does not tell."""
        return self.slip.due_date if self.slip else None

    @property
    def is_overdue(self) -> bool:
        """Tell whether it fell due: the bank then adds what the creditor registered with it."""
        return self.due_date is not None and self.due_date < self.on

    @property
    def sms(self) -> str:
        """What to send by SMS, plain letters only: others would make it two messages."""
        if self.slip is None:
            return ""
        contract = self.installment.contract
        facts = [f"{contract.creditor}: boleto da parcela {shown(self.installment)}"]
        facts += [reais(self.slip.amount)] if self.slip.amount else []
        facts += [f"venc. {day_text(self.slip.due_date)}"] if self.slip.due_date else []
        told = f"{', '.join(facts)}. Linha digitavel: {self.slip.line}"
        return unicodedata.normalize("NFKD", told).encode("ascii", "ignore").decode()


def shown(installment: Installment) -> str:
    """Return an installment's number as the ERP spells it."""
    return installment.label or str(installment.number)


def find_installment(installment_id: int) -> Installment:
    """Return an installment of the agency with all that a boleto names."""
    found = Installment.objects.select_related(
        "contract__creditor__agency", "contract__debtor__agency"
    )
    row = found.filter(pk=installment_id).first()
    if row is None:
        raise NotFoundError("Esta parcela não existe mais.")
    return row


def why_not(installment: Installment) -> str:
    """Return why no second copy can be had, as far as it is known here; "" when one may be."""
    if installment.status not in OWED:
        state = InstallmentStatus(installment.status).label.lower()
        return f"A parcela {shown(installment)} está {state}: não há o que pagar."
    if not installment.has_boleto:
        return (
            f"A parcela {shown(installment)} não tem boleto emitido no ERP. Quando o credor o "
            "emitir, a letra B aparece na situação."
        )
    if not gateway_for(installment.contract.creditor).can_issue_second_copy:
        return "O ERP deste credor não oferece a 2ª via por aqui."
    return ""


def read_copy(installment: Installment, *, on: date, with_pdf: bool = False) -> IssuedCopy:
    """Ask the ERP for the boleto and check it; nothing is written.

    Raises DomainError where there is none to be had, or the ERP changed a due date that the
    creditor does not let be changed.
    """
    if reason := why_not(installment):
        raise DomainError(reason)
    gateway = gateway_for(installment.contract.creditor)
    copy = _read(installment, gateway.second_copy(installment, with_pdf=with_pdf), on)
    if copy.due_date and copy.due_date > _own_due_date(installment) and _is_blocked(installment):
        _refuse_new_due_date(installment, copy.due_date)
    return copy


def issue_copy(installment_id: int, *, actor: User | None, on: date) -> IssuedCopy:
    """Ask for the line of an installment's boleto, and put on the timeline that it was."""
    installment = find_installment(installment_id)
    copy = read_copy(installment, on=on)
    with transaction.atomic():
        tell(ISSUED, copy, actor)
        log_action("boleto.issued", installment, actor, agency=installment.contract.debtor.agency)
    return copy


def open_copy(installment_id: int, *, actor: User | None, on: date) -> IssuedCopy:
    """Ask for an installment's boleto as PDF; who opened it is on the audit trail."""
    installment = find_installment(installment_id)
    copy = read_copy(installment, on=on, with_pdf=True)
    log_action("boleto.opened", installment, actor, agency=installment.contract.debtor.agency)
    return copy


def tell(title: str, copy: IssuedCopy, actor: User | None, more: str = "") -> None:
    """Put on the timeline what was done with a boleto."""
    contract, slip = copy.installment.contract, copy.slip
    facts = [f"Contrato: {contract} Parcela: {shown(copy.installment)}"]
    if slip and slip.due_date:
        facts.append(f"Vencimento: {day_text(slip.due_date)}")
    if slip and slip.amount:
        facts.append(f"Valor: {reais(slip.amount)}")
    lines = [" ".join(facts), copy.problem or f"Linha digitável: {copy.shown_line}", more]
    record_event(
        EventKind.NOTICE,
        debtor=contract.debtor,
        contract=contract,
        title=title,
        text="\n".join(filter(None, lines)),
        actor=actor,
    )


def _read(installment: Installment, copy: SecondCopy, on: date) -> IssuedCopy:
    try:
        slip = read_line(copy.line, on=on)
    except DomainError:
        return IssuedCopy(installment, on, copy.line, None, UNREADABLE, copy.pdf)
    return IssuedCopy(installment, on, slip.line, slip, pdf=copy.pdf)


def _own_due_date(installment: Installment) -> date:
    """Return the day up to which the installment itself may be paid: banks rest on weekends."""
    return effective_due_date(installment.due_date, installment.contract.creditor.agency.state)


def _is_blocked(installment: Installment) -> bool:
    creditor = installment.contract.creditor
    return value_of(BLOCK_NEW_DUE_DATE, agency=creditor.agency, creditor=creditor)


def _refuse_new_due_date(installment: Installment, due: date) -> NoReturn:
    raise DomainError(
        f"O ERP emitiu a 2ª via com novo vencimento ({day_text(due)}; o da parcela é "
        f"{day_text(installment.due_date)}), e o parâmetro “{BLOCK_NEW_DUE_DATE.label}” "
        "deste credor está em Sim. Faça um acordo ou peça que o parâmetro seja mudado."
    )
