"""The mirror applied: both books made equal, set by set, in one transaction or not at all."""

from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from cobranca.contracts.mirror import (
    contacts,
    delta,
    holders,
    installments,
    people,
    publishing,
    readings,
    receipts,
    staging,
    timeline,
    titles,
)
from cobranca.contracts.mirror.job import MirrorJob, Outcome
from cobranca.contracts.mirror.sql import Statements

PREVIEW_LIMIT = 500
# Two creditors of one agency share debtors: their applications take turns.
LOCK_SPACE = 728_402


WORK_TABLES = (
    *("m_title", "m_doubt", "m_debtor", "m_touched", "m_phone", "m_email", "m_address"),
    *("m_person", "m_transfer", "m_product", "m_live", "m_delta", "m_paid", "m_affected"),
    *("m_newer", "m_begun", "m_corrected", "m_receipt", "m_reversed"),
)


# From here on the statistics of a moment ago mislead the planner.
MANY_CONTRACTS = 500


class _Rollback(Exception):
    """Leaves the transaction of a simulation, or of removals that wait for a person."""


def apply(job: MirrorJob, *, dry_run: bool = False) -> Outcome:
    """Make our book of one creditor equal to what was staged, and say what changed.

    A batimento that would recall more than the limit changes nothing and asks for
    confirmation. A simulation runs the same statements and takes them back.
    """
    outcome = Outcome()
    try:
        with transaction.atomic():
            _take_turn(job)
            _prepare_session(job)
            _apply(Statements(job), outcome, keeps_preview=dry_run)
            if dry_run or outcome.needs_confirmation:
                raise _Rollback
    except _Rollback:
        return outcome
    if outcome.extra["contracts_included"] > MANY_CONTRACTS:
        _analyze_book()
    return outcome


def _analyze_book() -> None:
    """Tell the planner how much a first load brought, before it plans the next one blindly."""
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE contracts_installment, contracts_contract, contracts_negotiation,"
            " debtors_debtor, debtors_debtorreference, debtors_phone, debtors_emailaddress,"
            " debtors_address, debtors_relatedperson, debtors_debtorsummary, debtors_debtorstanding"
        )


def _take_turn(job: MirrorJob) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, job.agency])


# What a load reads it reads whole, so the few rows that change are soon found by index.
SESSION = """
SELECT set_config('work_mem', '256MB', true), set_config('jit', 'off', true),
       set_config('random_page_cost', '1.1', true)
"""


def _prepare_session(job: MirrorJob) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SESSION)
        # Left over when the caller's transaction holds two applications.
        work = ", ".join(f"pg_temp.{name}" for name in WORK_TABLES)
        cursor.execute(f"DROP TABLE IF EXISTS {work}")
    staging.analyze(job.run)


def _apply(sql: Statements, outcome: Outcome, *, keeps_preview: bool) -> None:
    titles.collect(sql)
    readings.find_newer(sql)
    outcome.issues += titles.leave_out_unregistered(sql)
    outcome.extra |= people.apply(sql)
    outcome.issues += titles.resolve(sql)
    outcome.extra |= contacts.apply(sql)
    outcome.extra |= holders.apply(sql)
    delta.compare(sql)
    _hold_removals(sql, outcome)
    moves = delta.counts(sql)
    _count(moves, outcome)
    if outcome.recalled and not sql.job.titles:
        outcome.open_before = sql.number(OPEN_BEFORE) + outcome.extra["transfer_recalls"]
    if keeps_preview or _exceeds_limit(sql.job, outcome):
        outcome.preview = _preview(sql)
    if outcome.needs_confirmation:
        return
    outcome.updated += installments.apply(sql, moves)
    outcome.extra |= receipts.apply(sql)
    outcome.extra |= timeline.apply(sql, moves)
    readings.remember(sql)
    publishing.tell(sql)


OPEN_BEFORE = """
SELECT count(*) FROM contracts_installment i JOIN contracts_contract c ON c.id = i.contract_id
WHERE c.creditor_id = %(creditor)s AND i.status IN ('open', 'negotiated')
"""


def _hold_removals(sql: Statements, outcome: Outcome) -> None:
    """Take back the removal of what merely was not seen, when something speaks against it."""
    if not (sql.job.full or sql.job.titles):
        return
    if sql.number("SELECT count(*) FROM {doubt} s WHERE contract = ''"):
        outcome.removals_held = (
            "Uma linha do ERP veio sem chave legível: nada foi devolvido nesta carga."
        )
    elif sql.job.full and not sql.job.recall_imported:
        outcome.removals_held = (
            "O parâmetro “Devolver parcelas inclusas pelo próprio arquivo” está em Não."
        )
    if outcome.removals_held:
        sql.run("DELETE FROM m_delta WHERE move = 'gone'")


def _count(moves: dict[str, int], outcome: Outcome) -> None:
    outcome.included = moves.get("new", 0)
    outcome.reopened = moves.get("reopen", 0)
    outcome.updated = moves.get("change", 0) + outcome.reopened
    outcome.recalled = moves.get("close", 0) + moves.get("gone", 0)
    outcome.recalled += outcome.extra["transfer_recalls"]
    outcome.transferred = outcome.extra["transferred"]


def _exceeds_limit(job: MirrorJob, outcome: Outcome) -> bool:
    """Decide whether a person must look at the removals first (SIE-07)."""
    removed = outcome.recalled - outcome.extra["transfer_recalls"]
    if not removed:
        return False
    allowed = job.recall_limit_percent * outcome.open_before / Decimal(100)
    outcome.needs_confirmation = job.full and not job.confirmed and removed > allowed
    return outcome.needs_confirmation


PREVIEW = """
SELECT d.move, c.number, d.number, d.old_due_date, d.old_balance, d.due_date, d.balance
FROM m_delta d JOIN contracts_contract c ON c.id = d.contract_id
ORDER BY array_position(ARRAY['gone', 'close', 'reopen', 'change', 'new'], d.move), c.number,
         d.number
LIMIT %(limit)s
"""
MOVE_WORDS = {
    "new": "Incluir",
    "change": "Atualizar",
    "reopen": "Reabrir",
    "close": "Devolver",
    "gone": "Devolver",
}


def _preview(sql: Statements) -> list[dict[str, Any]]:
    return [
        {
            "kind": MOVE_WORDS[move],
            "contract": contract,
            "installment": str(number),
            "before": _told(old_due, old_balance),
            "after": "" if move in ("gone", "close") else _told(due, balance),
        }
        for move, contract, number, old_due, old_balance, due, balance in sql.rows(
            PREVIEW, limit=PREVIEW_LIMIT
        )
    ]


def _told(due: Any, balance: Any) -> str:
    return "" if due is None else f"{due:%d/%m/%Y} · R$ {balance:.2f}".replace(".", ",")
