"""Reading a debtor's contracts anew on opening them (SIE-13, playbook 7.1.3).

A customer's statement (ConsultarExtratoCliente) and renegotiations (ConsultarReparcelamento) are
asked for once, whatever the number of titles; a title itself costs two calls more: what it is and
whose, and its balances without correction, which the statement does not tell.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from cobranca.common.clock import office_date
from cobranca.contracts.erp import SyncReport
from cobranca.contracts.models import Contract
from integrations.core.budget import Priority
from integrations.core.connector import Page
from integrations.core.fields import text
from integrations.core.streaming import Row
from integrations.core.titles import Channel, sync_titles
from integrations.sienge import rows as r
from integrations.sienge.access import Access
from integrations.sienge.client import SiengeClient
from integrations.sienge.config import Filters
from integrations.sienge.mapper import TitleAnswers
from integrations.sienge.streams.titles import TitleReader


def sync(access: Access, contracts: Sequence[Contract], *, now: datetime) -> SyncReport:
    """Read contracts of one debtor anew and make ours equal to them."""
    customers = {each.external_id: each.external_debtor for each in contracts}
    outcome = sync_titles(
        access.creditor,
        list(customers),
        channel=Channel.OPENING,
        on=office_date(now),
        receipts=False,
        priority=Priority.LOADS,
        now=now,
        connector=OpeningReader(access.client, access.config.filters, customers),
    )
    return SyncReport(
        included=outcome.included,
        updated=outcome.updated,
        recalled=outcome.recalled,
        reopened=outcome.reopened,
    )


class OpeningReader(TitleReader):
    """Reads the titles of one debtor by REST alone: the bulk calls of a day are few."""

    def __init__(self, client: SiengeClient, filters: Filters, customers: dict[str, str]) -> None:
        super().__init__(client, filters)
        self._titles_of = Counter(customers.values())
        self._statements: dict[str, Row[r.Statement] | None] = {}
        self._remade: dict[str, list[Row[r.Remade]]] = {}

    def read_titles(
        self, titles: Sequence[str], *, receipts: bool, boletos: Collection[str] = ()
    ) -> Iterator[Page]:
        """Yield pages of all that is known of `titles`."""
        yield from self._by_rest(titles)

    def _answers(self, found: Row[r.Title], title: str, customer: str) -> TitleAnswers:
        if self._titles_of[customer] < 2:  # also a customer who came in by a transfer
            return super()._answers(found, title, customer)
        if customer not in self._statements:
            self._statements[customer] = self._client.statement(customer)
            self._remade[customer] = self._client.remade(customer=customer)
        return TitleAnswers(
            found,
            self._client.title_installments(title),
            self._statements[customer],
            [row for row in self._remade[customer] if _is_of(row, title)],
        )


def _is_of(row: Row[r.Remade], title: str) -> bool:
    told = row.value
    if told is None:
        return False
    return text(told.receivable_bill_id or told.bill_receivable_id or told.bill_id) == title
