"""Announcements held together, each brought to its end.

Three things may go wrong. The ERP does not answer: all wait for it, and no attempt is counted.
A title cannot be read or applied: the batch is halved until it stands alone, tried again with
growing pauses, then parked for a person. Somebody else took the announcements: nothing is written.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError

from cobranca.accounts.models import Agency
from cobranca.common.clock import office_date
from cobranca.common.errors import DomainError
from cobranca.creditors.models import Creditor
from integrations.core.budget import Priority
from integrations.core.connector import ReceivesWebhooks
from integrations.core.errors import (
    BudgetError,
    ConfigError,
    IntegrationError,
    NotGrantedError,
    RetryableError,
    UnreachableError,
)
from integrations.core.inbox.matching import creditor_to_ask_with, creditors_of
from integrations.core.inbox.moves import leasing
from integrations.core.inbox.moves.leasing import Held, LostLeaseError
from integrations.core.inbox.report import Report
from integrations.core.models import WebhookDelivery
from integrations.core.registry import ConnectorEntry
from integrations.core.runs.ownership import BusyError
from integrations.core.states import DeliveryStatus
from integrations.core.titles import Channel, sync_titles

logger = structlog.get_logger(__name__)
Clock = Callable[[], datetime]
Group = Mapping[str, Sequence[Held]]

APPLIED = "Lido no ERP e aplicado"
NO_EFFECT = "Sem efeito aqui"
NO_SALE = "O ERP não tem este contrato de venda"
NOBODY = "Nenhum credor ativo deste sistema"
# How long all wait when the ERP does not say itself, and the longest that is believed: asking
# whether a quota is there again costs nothing.
ERP_PAUSE = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=1)
# What the ERP failed to answer for so long is not for its being down.
PATIENCE = timedelta(days=2)


class ErpDownError(Exception):
    """The ERP answers nobody just now: everything waits."""

    def __init__(self, cause: IntegrationError | BusyError) -> None:
        super().__init__(cause.message)
        self.message = cause.message
        told = getattr(cause, "retry_after", None)
        self.pause = ERP_PAUSE if told is None else timedelta(seconds=max(told, 60))


class Batch:
    """Announcements of one system held together."""

    def __init__(
        self, agency: Agency, entry: ConnectorEntry, held: Sequence[Held], clock: Clock
    ) -> None:
        self._agency, self._entry, self._held, self._clock = agency, entry, held, clock
        self._is_second_try = False
        self._left = {one.pk: one for one in held}
        self._report = Report(taken=len(held))
        self._connectors: dict[int, Any] = {}
        self.erp_is_down = False
        self.erp_answered = False

    def process(self) -> Report:
        """Do what each announcement asks for; what the ERP kept from being done waits."""
        try:
            self._dismiss()
            self._titles([one for one in self._held if one.contract])
            self._sales([one for one in self._held if not one.contract and one.sale])
        except ErpDownError as error:
            self._wait(error)
        return self._report

    # --- what needs nothing -----------------------------------------------------------------------

    def _dismiss(self) -> None:
        idle = [one for one in self._held if not one.contract and not one.sale]
        self._end(idle, DeliveryStatus.DONE, NO_EFFECT)

    def _end(self, held: Sequence[Held], status: DeliveryStatus, outcome: str) -> None:
        if not held:
            return
        number = leasing.settle(held, status, outcome, now=self._clock())
        if status == DeliveryStatus.DONE:
            self._report.done += number
        else:
            self._report.unmatched += number
        self._let_go(held)

    def _let_go(self, held: Iterable[Held]) -> None:
        for one in held:
            self._left.pop(one.pk, None)

    # --- titles -----------------------------------------------------------------------------------

    def _titles(self, held: Sequence[Held]) -> None:
        by_title: dict[str, list[Held]] = defaultdict(list)
        for one in held:
            by_title[one.contract].append(one)
        self._apply(by_title)

    def _apply(self, by_title: Group) -> None:
        """Read and apply titles, creditor by creditor; those that failed before, one by one."""
        owners = creditors_of(self._agency.pk, self._entry.system, list(by_title))
        for title in by_title.keys() - owners.keys():
            told = f"Nenhum contrato em cobrança aqui com o título {title}"
            self._end(by_title[title], DeliveryStatus.UNMATCHED, told)
        groups: dict[int, dict[str, Sequence[Held]]] = defaultdict(dict)
        for title, owner in owners.items():
            groups[owner][title] = by_title[title]
        creditors = Creditor.objects.select_related("agency").in_bulk(list(groups))
        for owner, group in groups.items():
            suspect = {t for t, held in group.items() if any(one.attempts > 1 for one in held)}
            self._sync(creditors[owner], {t: h for t, h in group.items() if t not in suspect})
            for title in sorted(suspect):
                self._sync(creditors[owner], {title: group[title]})

    def _sync(self, creditor: Creditor, group: Group) -> None:
        """Apply a group; halve one that fails, until what is wrong with it stands alone."""
        if not group:
            return
        try:
            self._read_and_apply(creditor, group)
        except LostLeaseError:
            logger.warning("webhook.lease_lost", system=self._entry.system)
            self._let_go(one for held in group.values() for one in held)
        except (OperationalError, InterfaceError) as error:
            self._after_database_error(creditor, group, error)
        except (BudgetError, UnreachableError, ConfigError, BusyError) as error:
            raise ErpDownError(error) from error
        except RetryableError as error:
            self._unanswered(creditor, group, error)
        except Exception as error:  # noqa: BLE001  one title must not stop the others
            self._refused(creditor, group, error)

    def _read_and_apply(self, creditor: Creditor, group: Group) -> None:
        held = [one for some in group.values() for one in some]
        now = self._clock()
        marked: list[int] = []
        outcome = sync_titles(
            creditor,
            list(group),
            channel=Channel.WEBHOOK,
            on=office_date(now),
            receipts=True,
            priority=Priority.PAYMENTS,
            now=now,
            within=lambda: marked.append(
                leasing.settle_with_effect(held, APPLIED, now=self._clock())
            ),
            boletos={one.contract for one in held if one.event in self._entry.boleto_events},
            connector=self._connector(creditor),
        )
        self.erp_answered = True
        self._report.done += sum(marked)
        self._let_go(held)
        self._tell_issues(group, {i.contract: i.message for i in outcome.issues})

    def _tell_issues(self, group: Group, messages: Mapping[str, str]) -> None:
        for title, message in messages.items():
            held = [one.pk for one in group.get(title, ())]
            told = f"Lido no ERP, com crítica: {message}"[:200]
            WebhookDelivery.objects.filter(pk__in=held).update(outcome=told)

    def _after_database_error(self, creditor: Creditor, group: Group, error: Exception) -> None:
        """Try once more: two who deadlock do not meet twice. Else the leases run out."""
        if self._is_second_try or isinstance(error, InterfaceError):
            raise error
        self._is_second_try = True
        self._sync(creditor, group)

    def _refused(self, creditor: Creditor, group: Group, error: Exception) -> None:
        """Something in the group cannot be done."""
        if len(group) > 1:
            self._halve(creditor, group)
            return
        if isinstance(error, IntegrationError | DomainError):
            message = error.message
        else:
            logger.exception("webhook.failed", system=self._entry.system)
            message = f"Falha ao aplicar ({type(error).__name__})."
        self._fail([one for held in group.values() for one in held], message)

    def _halve(self, creditor: Creditor, group: Group) -> None:
        titles = list(group)
        middle = len(titles) // 2
        for part in (titles[:middle], titles[middle:]):
            self._sync(creditor, {title: group[title] for title in part})

    def _unanswered(self, creditor: Creditor, group: Group, error: RetryableError) -> None:
        """Find out whether the ERP is down, or only stumbles over one of these titles."""
        if len(group) > 1 and (self.erp_answered or self._answers_one_of(creditor, group)):
            rest = {t: h for t, h in group.items() if any(one.pk in self._left for one in h)}
            self._halve(creditor, rest) if len(rest) > 1 else self._sync(creditor, rest)
            return
        held = [one for some in group.values() for one in some]
        # One that failed before, where others did not, is not believed to have found it down.
        if self.erp_answered or any(one.attempts > 1 for one in held):
            self._fail(held, error.message)
            return
        since = self._clock() - PATIENCE
        self._fail([one for one in held if one.received_at < since], error.message)
        raise ErpDownError(error) from error

    def _answers_one_of(self, creditor: Creditor, group: Group) -> bool:
        """Ask for single titles, any two: what stumbles over one of them answers for the other."""
        for title in random.sample(list(group), 2):
            try:
                self._read_and_apply(creditor, {title: group[title]})
            except RetryableError:
                continue
            except (OperationalError, InterfaceError):
                raise
            except Exception as error:  # noqa: BLE001  it answered: what is wrong shows by itself
                logger.info("webhook.probe_failed", error=type(error).__name__)
            return True
        return False

    # --- sales contracts --------------------------------------------------------------------------

    def _sales(self, held: Sequence[Held]) -> None:
        """Ask which titles the sales contracts are of, and read those."""
        creditor = creditor_to_ask_with(self._agency.pk, self._entry.system)
        connector = self._connector(creditor) if creditor and held else None
        if not isinstance(connector, ReceivesWebhooks):
            told = NO_EFFECT if creditor else NOBODY
            self._end(held, DeliveryStatus.UNMATCHED if not creditor else DeliveryStatus.DONE, told)
            return
        by_sale: dict[str, list[Held]] = defaultdict(list)
        for one in held:
            by_sale[one.sale].append(one)
        by_title: dict[str, list[Held]] = defaultdict(list)
        for sale in random.sample(list(by_sale), len(by_sale)):
            title = self._title_of(connector, sale, by_sale[sale])
            if title:
                by_title[title] += by_sale[sale]
        self._apply(by_title)

    def _connector(self, creditor: Creditor) -> Any:
        """Return the connector of a batch: it remembers which sales it was told of, and what
        the ERP does not grant.
        """
        try:
            if creditor.pk not in self._connectors:
                made = self._entry.make(creditor, priority=Priority.PAYMENTS)
                self._connectors[creditor.pk] = made
        except ConfigError as error:
            raise ErpDownError(error) from error
        return self._connectors[creditor.pk]

    def _title_of(self, connector: ReceivesWebhooks, sale: str, held: Sequence[Held]) -> str:
        """Return the title of a sale; "" when its announcements were dealt with."""
        try:
            title = connector.title_of_sale(sale)
        except IntegrationError as error:
            if _is_for_all(error) or not (self.erp_answered or _is_of_the_sale(error)):
                raise ErpDownError(error) from error
            self._fail(held, error.message)
            return ""
        self.erp_answered = True
        if not title:
            self._end(held, DeliveryStatus.DONE, NO_SALE)
            return ""
        # Known from now on, also to the load that looks again.
        WebhookDelivery.objects.filter(pk__in=[one.pk for one in held]).update(contract=title)
        return title

    # --- failures ---------------------------------------------------------------------------------

    def _fail(self, held: Sequence[Held], error: str) -> None:
        parked = leasing.fail(held, error, now=self._clock())
        self._report.parked += parked
        self._report.failed += len(held) - parked
        self._let_go(held)

    def _wait(self, error: ErpDownError) -> None:
        """Let what is left of the batch, and all else that is due, wait for the ERP."""
        self.erp_is_down = True
        until = self._clock() + min(error.pause, LONGEST_WAIT)
        waiting = leasing.give_back(list(self._left.values()), error.message, until=until)
        waiting += leasing.join_the_wait(
            agency_id=self._agency.pk, system=self._entry.system, error=error.message, until=until
        )
        self._report.waiting += waiting
        self._report.message = error.message


def _is_for_all(error: IntegrationError) -> bool:
    """Tell whether an error says nothing of what was asked for, only of the connection."""
    if isinstance(error, NotGrantedError):
        return False
    return isinstance(error, BudgetError | UnreachableError | ConfigError)


def _is_of_the_sale(error: IntegrationError) -> bool:
    return not isinstance(error, RetryableError)
