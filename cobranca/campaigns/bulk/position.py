"""The position of a portfolio as lines that people read: one for each debtor."""

from collections.abc import Iterator

from cobranca.calc.words import number
from cobranca.campaigns.bulk.pricing import BulkQuote
from cobranca.debtors.models import Debtor

HEADER = (
    "Devedor", "CPF/CNPJ", "Parcelas", "Principal", "Multa", "Juros", "Honorários", "Total",
)  # fmt: skip


def position_lines(made: BulkQuote) -> Iterator[tuple[str, ...]]:
    """Yield a priced portfolio debtor by debtor, names read with one query."""
    names = {
        pk: (name, document)
        for pk, name, document in Debtor.objects.filter(pk__in=made.debtor.tolist()).values_list(
            "pk", "name", "document"
        )
    }
    for line in made.totals():
        money = (line.principal, line.penalty, line.interest, line.fee, line.updated)
        name, document = names[line.debtor_id]
        yield (name, document, str(line.installments), *map(number, money))
