"""Rows of the bulk /customer-extract-history: which installments have a boleto."""

from cobranca.contracts.records import BoletoRecord
from integrations.core.errors import PermanentError
from integrations.core.fields import code, flag, text, whole
from integrations.core.streaming import Row
from integrations.sienge.mapping.sheet import Sheet, as_list, first
from integrations.sienge.rows import Extract, ExtractInstallment

_RECEIVED = "2"


def add_boletos(sheet: Sheet, row: Row[Extract], company: str) -> None:
    """Add the boletos of one bill; what cannot be read of it is set aside with it."""
    sheet.rows += 1
    contract = ""
    try:
        extract = _understood(row)
        if extract.company is not None and code(extract.company.id, "company.id") != company:
            return
        contract = code(
            first(extract.bill_receivable_id, extract.receivable_bill_id, extract.bill_id),
            "billReceivableId",
        )
        for installment in as_list(extract.installments):
            if text(installment.installment_situation) != _RECEIVED:
                sheet.records.append(boleto_from(installment, contract))
    except PermanentError as error:
        sheet.set_aside(row, error.message, code="bad_boleto", contract=contract)


def boleto_from(installment: ExtractInstallment, contract: str) -> BoletoRecord:
    """Translate the boleto flag under any of its names."""
    told = first(
        installment.generated_billet, installment.generated_boleto, installment.generated_ticket
    )
    return BoletoRecord(
        contract=contract,
        number=whole(first(installment.id, installment.installment_id), "installments.id"),
        available=flag(told, "generatedBillet"),
    )


def _understood(row: Row[Extract]) -> Extract:
    if row.value is None:
        raise PermanentError(row.problem)
    return row.value
