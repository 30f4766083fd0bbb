"""Carrying out the reading of a debtor's contracts: take it, ask each ERP, write what came of it.

It waits for the network: never in a request, never within a transaction.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db import OperationalError
from django.db.models import Q

from cobranca.common.clock import office_date
from cobranca.common.errors import DomainError
from cobranca.contracts.erp import ErpUnreachableError, SyncReport, gateway_for, total
from cobranca.contracts.models import Contract, DebtorSync
from cobranca.contracts.services.syncing import (
    SILENCE,
    fail_sync,
    finish_sync,
    repeat_silence,
    request_sync,
    take_sync,
)
from cobranca.contracts.states import ContractStatus, SyncStatus
from cobranca.creditors.models import Creditor
from cobranca.debtors.models import Debtor

logger = structlog.get_logger(__name__)
Clock = Callable[[], datetime]
# A finished title is read for so long yet: a reversal or an undone renegotiation opens it again.
RECENT = timedelta(days=30)


def contracts_to_sync(debtor_id: int, now: datetime) -> dict[Creditor, list[Contract]]:
    """Return, by creditor, the contracts that the ERPs can be asked about; {} when none can."""
    recently = Q(status=ContractStatus.FINISHED, finished_on__gte=office_date(now - RECENT))
    contracts = (
        Contract.objects.filter(Q(status=ContractStatus.ACTIVE) | recently)
        .filter(debtor=debtor_id, is_current=True)
        .exclude(external_id="")
        .select_related("creditor__agency")
        .order_by("pk")
    )
    found: dict[Creditor, list[Contract]] = {}
    for contract in contracts:
        found.setdefault(contract.creditor, []).append(contract)
    return {each: rows for each, rows in found.items() if gateway_for(each).can_sync}


def open_debtor(debtor: Debtor, *, now: datetime, is_wish: bool = False) -> DebtorSync | None:
    """Have a debtor who is opened read in the ERP; None when no ERP is to be asked.

    Opening again within a minute does not ask again; a person's wish (`is_wish`) always does,
    unless it is under way.
    """
    if not contracts_to_sync(debtor.pk, now):
        return None
    if is_wish:
        return request_sync(debtor=debtor, now=now, fresh=timedelta(0))
    return request_sync(debtor=debtor, now=now)


class SilenceError(ErpUnreachableError):
    """The ERP gave no answer to another debtor's reading a moment ago: it is not asked again."""

    def __init__(self, row: DebtorSync) -> None:
        super().__init__(row.message)
        self.row = row


def carry_out(debtor_id: int, *, clock: Clock) -> bool:
    """Read a debtor's contracts if that waits and nobody is at it; tell whether it ended well."""
    row = take_sync(debtor_id, now=clock())
    if row is None:
        return False
    done: list[SyncReport] = []
    try:
        for creditor, contracts in contracts_to_sync(debtor_id, clock()).items():
            _check_silence(creditor, debtor_id, clock())
            done.append(gateway_for(creditor).sync(contracts, now=clock()))
    except OperationalError:
        raise  # the database went away: the lease runs out and somebody takes it up again
    except SilenceError as error:
        repeat_silence(row, error.row)
        return False
    except DomainError as error:
        is_silent, changed = isinstance(error, ErpUnreachableError), total(done).changed
        fail_sync(row, error.message, now=clock(), is_silent=is_silent, changed=changed)
        return False
    except Exception as error:
        logger.exception("debtor_sync.failed", debtor=debtor_id)
        message = f"Erro inesperado ({type(error).__name__})."
        fail_sync(row, message, now=clock(), is_silent=False, changed=total(done).changed)
        return False
    return finish_sync(row, total(done), now=clock())


def _check_silence(creditor: Creditor, debtor_id: int, now: datetime) -> None:
    """Raise SilenceError when this creditor's ERP gave no answer to another debtor just now.

    Without that, an ERP that hangs would hold every worker, one debtor after another. Of a debtor
    in two ERPs it is not known which was silent: that one tells nothing.
    """
    elsewhere = Contract.objects.exclude(creditor__creditor_type=creditor.creditor_type)
    silent = DebtorSync.objects.filter(
        status=SyncStatus.FAILED,
        failing_since__isnull=False,
        finished_at__gt=now - SILENCE,
        debtor__contracts__creditor=creditor,
    )
    silent = silent.exclude(debtor=debtor_id).exclude(debtor__in=elsewhere.values("debtor"))
    last = silent.order_by("-finished_at").first()
    if last is not None:
        raise SilenceError(last)
