"""What an implementer does to bring a Sienge portfolio in, by the services of the screens."""

import json
from base64 import b64encode
from collections.abc import Callable
from typing import Any
from urllib.request import Request, urlopen

from django.core.management.base import CommandError
from django_scopes import scope, scopes_disabled

from cobranca.accounts.models import Agency, User
from cobranca.common import clock
from cobranca.creditors import services as creditors
from cobranca.creditors.models import ContractType, Creditor
from cobranca.scheduling import services as scheduling
from cobranca.scheduling.models import ScheduledTask
from cobranca.scheduling.selectors import missing_models, ready_models
from integrations.core.connection import check_connection
from integrations.core.hooks import OK, UNAVAILABLE, install_hooks
from integrations.core.models import ConnectionState, ImportRun, LoadState
from integrations.core.runs.services import import_now
from integrations.core.states import RunStatus
from integrations.demo.campaigns import ensure_campaign
from integrations.demo.contacts import ensure_contacts
from integrations.demo.indices import ensure_index
from integrations.demo.people import NEIGHBOUR, OURS, ensure_agency, implementer_of
from integrations.demo.queues import ensure_queues
from integrations.demo.teams import ensure_teams
from integrations.sienge import parameters
from integrations.sienge.creditor_type import CODE

LAYOUT = "carga_sienge"
# The tenant that the simulator serves, as its owner would tell an implementer.
USER, PASSWORD, TENANT = "construtora-cobranca", "sandbox-sienge", "construtora"
# The neighbour collects for another company of the same construction group.
COMPANIES = {OURS: "1", NEIGHBOUR: "2"}

Say = Callable[[str], None]


def set_up(sandbox: str, say: Say) -> None:
    """Configure both agencies and bring in the portfolios that are not in yet."""
    address = f"{sandbox}/{TENANT}{parameters.API_PATH}"
    companies = _companies(address)
    for name, company in COMPANIES.items():
        agency = ensure_agency(name)
        with scope(agency=agency):
            actor = implementer_of(name)
            _configure(agency, actor, address)
            creditor = _ensure_creditor(agency, actor, companies[company])
            ensure_index(agency, actor, on=clock.today())
            ensure_campaign(creditor, actor)
            _bring_in(creditor, actor, say)
            _listen(creditor, actor)
            _confirm_contract_types(actor)
            _schedule(agency, actor)
            ensure_teams(agency, actor, on=clock.today(), at=clock.now())
            ensure_queues(agency, actor)
            ensure_contacts(agency, at=clock.now())


def is_in() -> bool:
    """Tell whether both agencies have their portfolio already."""
    with scopes_disabled():
        loaded = LoadState.objects.filter(full_at__isnull=False, agency__name__in=COMPANIES)
        return loaded.count() >= len(COMPANIES)


def _companies(address: str) -> dict[str, dict[str, Any]]:
    """Ask the ERP for its companies, as the list beside the parameter does."""
    secret = b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    request = Request(f"{address}/companies", headers={"Authorization": f"Basic {secret}"})  # noqa: S310
    with urlopen(request, timeout=30) as answer:  # noqa: S310  our own simulator
        rows = json.load(answer)["results"]
    return {str(row["id"]): row for row in rows}


def _configure(agency: Agency, actor: User, address: str) -> None:
    """Type in what the section "Integração Sienge" needs; the port may have changed."""
    creditors.activate_creditor_type(CODE, agency=agency, actor=actor)
    typed = (
        (parameters.USER, USER),
        (parameters.PASSWORD, PASSWORD),
        (parameters.API_ADDRESS, address),
    )
    for parameter, raw in typed:
        creditors.set_parameter(parameter, raw, agency=agency, actor=actor)


def _ensure_creditor(agency: Agency, actor: User, company: dict[str, Any]) -> Creditor:
    """Register the company as a creditor, and confirm the settings that came with it."""
    code = str(company["id"])
    found = Creditor.objects.filter(creditor_type=CODE, external_code=code).first()
    creditor = found or creditors.save_creditor(
        creditor=Creditor(
            agency=agency,
            document=company["cnpj"],
            legal_name=company["name"],
            trade_name=company["tradeName"],
            creditor_type=CODE,
            external_code=code,
        ),
        actor=actor,
    )
    if found is None:
        creditors.confirm_validation(creditor=creditor, actor=actor)
    return creditor


def _bring_in(creditor: Creditor, actor: User, say: Say) -> None:
    """Check the connection once, and load the whole portfolio once."""
    if not ConnectionState.objects.filter(is_healthy=True).exists():
        state = check_connection(creditor=creditor)
        if not state.is_healthy:
            raise CommandError(f"Conexão com {creditor}: {state.message}")
    if LoadState.objects.filter(creditor=creditor, full_at__isnull=False).exists():
        return
    say(f"Importando a carteira de {creditor} (batimento)…")
    run = import_now(creditor=creditor, layout=LAYOUT, full=True, now=clock.now(), actor=actor)
    if run.status != RunStatus.DONE:
        raise CommandError(f"A importação de {creditor} não terminou: {run.message}")
    say(_summary(run))


def _listen(creditor: Creditor, actor: User) -> None:
    """Have the ERP announce what happens; at a later start the port may be another."""
    seen = install_hooks(creditor=creditor, actor=actor, now=clock.now())
    wrong = [hook for hook in seen.hooks if hook["state"] not in (OK, UNAVAILABLE)]
    if wrong:
        raise CommandError(f"Webhooks de {creditor}: {seen.message}")


def _summary(run: ImportRun) -> str:
    seconds = (clock.now() - run.created_at).seconds
    counts = f"{run.read} linhas lidas, {run.included} incluídas, {run.issue_count} críticas"
    return f"  {counts}, {seconds} s"


def _confirm_contract_types(actor: User) -> None:
    """Look at the contract types that came with the creditor and with the first load."""
    for kind in ContractType.objects.filter(is_validated=False):
        creditors.confirm_contract_type(contract_type=kind, actor=actor)


def _schedule(agency: Agency, actor: User) -> None:
    """Create the ready tasks (SIE-30) that the agency does not have yet, as their form opens."""
    wanted = missing_models(agency)
    for kind, model in ready_models():
        if model in wanted:
            task = ScheduledTask(
                agency=agency,
                task_type=kind.code,
                description=model.description,
                frequency=model.frequency,
                at_time=model.at_time,
                weekday=model.weekday,
                every_minutes=model.every_minutes,
                business_days_only=model.business_days_only,
            )
            filled = {field.name: field.default for field in kind.fields} | dict(model.parameters)
            scheduling.save_task(task=task, parameters=filled, actor=actor, now=clock.now())
