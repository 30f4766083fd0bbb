"""Imports in every state and a page of calls, to look at."""

from datetime import timedelta
from typing import Any

from cobranca.accounts.models import User
from cobranca.common import clock
from cobranca.creditors.models import Creditor
from integrations.core.models import ImportIssue, ImportRun, IntegrationLog, LoadState

METHODS = ("ConsultarExtratoCliente", "BuscarDivida", "ConsultarReparcelamento")
HOST = "https://api.sienge.com.br/aurora/public/api/v1/accounts-receivable"
ANSWER = """{"resultSetMetadata": {"count": 1}, "results": [{"installmentId": 1,
"currentBalance": 1095.50, "dueDate": "2021-06-30", "generatedBoleto": false}]}"""
DOWN = "O ERP respondeu 503 em todas as tentativas. A carteira ficou como estava."
WAITING = (
    "O batimento devolveria 21044 de 60000 parcelas em aberto (35 %), acima do limite. "
    "Nada foi alterado: confira e confirme ou cancele."
)
READ = {
    "ignored": {"Filial não cadastrada": 214, "Tipo de documento ignorado (AD)": 31},
    "records": {"contracts": 800, "installments": 60000},
}


def build_imports(creditor: Creditor, actor: User) -> ImportRun:
    """Make a finished, a failed, a waiting and a finished import; return the last."""
    now = clock.now()
    own = {"agency": creditor.agency, "creditor": creditor}
    build_load(creditor)
    run = ImportRun()
    for number, facts in enumerate(_runs(actor)):
        started = now - timedelta(days=4 - number)
        ended = started + timedelta(seconds=47 + 60 * number)
        run = ImportRun.objects.create(
            **own, layout="carga", started_at=started, finished_at=ended, **facts
        )
    for number in range(3):
        ImportIssue.objects.create(
            agency=creditor.agency,
            run=run,
            code="installment.amount",
            contract=str(5000 + number),
            installment=f"{number + 1}/36",
            message="Campo balanceAmount não é valor.",
        )
    return run


def build_load(creditor: Creditor) -> None:
    """Say that the portfolio was last loaded five hours ago."""
    LoadState(
        agency=creditor.agency, creditor=creditor, loaded_until=clock.now() - timedelta(hours=5)
    ).save(force_insert=True)


def _runs(actor: User) -> list[dict[str, Any]]:
    read = {"pages": 31, "read": 60412, "details": READ}
    preview = [
        {
            "kind": "Devolver",
            "contract": str(5000 + number),
            "installment": str(number),
            "before": "10/03/2026 · R$ 920,80",
            "after": "",
        }
        for number in range(30)
    ]
    shown = {**read, "details": {**READ, "preview": preview}}
    return [
        {"status": "done", "included": 60000, "full": True, "ignored": 245, **read},
        {"status": "failed", "message": DOWN},
        {"status": "waiting", "full": True, "recalled": 21044, "message": WAITING, **shown},
        {
            "status": "done",
            "updated": 612,
            "included": 14,
            "recalled": 87,
            "issue_count": 3,
            "requested_by": actor,
            **read,
        },
    ]


def build_logs(creditor: Creditor, run: ImportRun, contract: str) -> IntegrationLog:
    """Make sixty calls, a few of them failed; return the last."""
    for number in range(60):
        failed = number % 17 == 3
        log = IntegrationLog.objects.create(
            agency=creditor.agency,
            at=clock.now() - timedelta(minutes=7 * number),
            kind="SiengeApi",
            method=METHODS[number % 3],
            verb="GET",
            url=f"{HOST}/receivable-bills/{5000 + number}/installments?limit=100&offset=0",
            request='{"limit": 100, "offset": 0}',
            response=ANSWER,
            status=503 if failed else 200,
            duration_ms=40 + 13 * number,
            error="O ERP não respondeu a tempo." if failed else "",
            contract=contract if number % 2 else "",
            creditor=creditor,
            run=run,
        )
    return log
