"""Second copies of Sienge's boletos (SIE-23): the line, the paper, and Sienge's own e-mail.

The link to the paper lives five minutes: it is followed at once, and neither it nor the paper is
stored.
"""

from cobranca.contracts.erp import ErpRefusalError, Mail, SecondCopy
from cobranca.contracts.models import Installment
from integrations.core.errors import PermanentError
from integrations.core.fields import text
from integrations.sienge.access import Access

_PDF = b"%PDF-"
# Readers accept a little rubbish before the mark.
_HEAD = 1024


def fetch(access: Access, installment: Installment, *, with_pdf: bool) -> SecondCopy:
    """Return the boleto that Sienge has for an installment."""
    title, number = installment.contract.external_id, str(_number(installment))
    row = access.client.boleto(title, number)
    if row is None:
        raise ErpRefusalError("O Sienge não tem boleto desta parcela.")
    told = row.value
    if told is None:
        raise PermanentError("O Sienge devolveu uma 2ª via que não se entende.", row.problem)
    line = text(told.digitable_number)
    if not with_pdf:
        return SecondCopy(line)
    link = text(told.url_report)
    if not link:
        raise PermanentError("O Sienge não devolveu o link do boleto.")
    return SecondCopy(line, _checked(access.client.download(link)))


def mail(access: Access, installment: Installment, mail: Mail) -> None:
    """Have Sienge send an installment's boleto."""
    access.client.mail_boleto(
        {
            "receivableBillId": as_number(installment.contract.external_id),
            "installmentId": _number(installment),
            "emailCustomer": mail.to,
            "emailTitle": mail.subject,
            "emailBody": mail.message,
        }
    )


def as_number(code: str) -> int | str:
    """Return a code as Sienge writes it; one that is no number goes as it is."""
    return int(code) if code.isascii() and code.isdigit() else code


def _number(installment: Installment) -> int:
    return int(installment.number)


def _checked(file: bytes) -> bytes:
    """Return a file that begins as a PDF does: its declared type is not to be relied upon."""
    if _PDF not in file[:_HEAD]:
        raise PermanentError("O Sienge devolveu um arquivo que não é um boleto em PDF.")
    return file
