"""The connection check: one harmless read of every resource of the permission table (SIE-03)."""

from dataclasses import dataclass, field

from integrations.core.calls import BULK, REST
from integrations.core.connector import ResourceCheck
from integrations.core.errors import (
    BudgetError,
    ConfigError,
    NotGrantedError,
    PermanentError,
    RetryableError,
)
from integrations.core.http import CredentialsError, UnreachableError
from integrations.sienge.client import LAST_DAY, SiengeClient

OK, NOT_GRANTED, DOWN = "ok", "not_granted", "down"


@dataclass(frozen=True)
class Probe:
    """A resource and a question about it whose answer does not matter.

    `permission` is what to tick in Sienge, as the playbook's table calls it.
    """

    name: str
    permission: str
    path: str
    params: dict[str, str] = field(default_factory=dict)
    pool: str = REST


_ONE = {"limit": "1", "offset": "0"}
# Nobody has this code or document: "not found" is as good an answer as any.
_NOBODY, _NO_DOCUMENT = "0", "00000000000"
# A day on which nothing falls due.
_NO_PERIOD = {"startDate": LAST_DAY, "endDate": LAST_DAY, "selectionType": "D"}
_NO_DUE_DATE = {"startDueDate": LAST_DAY, "endDueDate": LAST_DAY}

PROBES = (
    Probe("Empresas", "Empresas (todos)", "/companies", _ONE),
    Probe("Centros de custo", "Centro de Custos (todos)", "/cost-centers", _ONE),
    Probe("Clientes", "Clientes (todos)", "/customers", _ONE),
    Probe("Contratos de vendas", "Contratos de Vendas (todos)", "/sales-contracts", _ONE),
    Probe("Credores", "Credores (todos)", "/creditors", _ONE),
    Probe("Empreendimentos", "Empreendimentos (todos)", "/enterprises", _ONE),
    Probe(
        "Extrato do cliente",
        "Extrato de Cliente por E-mail (todos)",
        "/customer-financial-statements",
        {"customerId": _NOBODY},
    ),
    Probe(
        "Segunda via de boleto",
        "Geração de Boleto (Segunda Via) (todos)",
        "/payment-slip-notification",
        {"billReceivableId": _NOBODY, "installmentId": _NOBODY},
    ),
    Probe(
        "Saldo devedor presente",
        "Geração do saldo devedor presente do cliente (todos)",
        "/current-debit-balance",
        {"cpf": _NO_DOCUMENT},
    ),
    Probe(
        "Total do saldo devedor",
        "Geração do total do saldo devedor (todos)",
        "/total-current-debit-balance",
        {"cpf": _NO_DOCUMENT},
    ),
    Probe(
        "Reparcelamentos",
        "Reparcelamentos (todos)",
        "/remade-installments",
        {"billReceivableId": _NOBODY, **_ONE},
    ),
    Probe(
        "Títulos do contas a receber",
        "Títulos do Contas a Receber (todos)",
        "/accounts-receivable/receivable-bills",
        {"customerId": _NOBODY, **_ONE},
    ),
    Probe(
        "Tipos de condição de pagamento",
        "Tipos de Condição de Pagamento (GET)",
        "/payment-condition-types",
        _ONE,
    ),
    Probe("Unidades", "Unidades (todos)", "/units", _ONE),
    Probe("Webhooks", "Webhooks (todos)", "/hooks", _ONE),
    Probe(
        "Parcelas em lote",
        "Bulk Data: Parcelas do Contas a Receber",
        "/income",
        _NO_PERIOD,
        BULK,
    ),
    Probe(
        "Extrato em lote",
        "Bulk Data: Extrato do Cliente",
        "/customer-extract-history",
        _NO_DUE_DATE,
        BULK,
    ),
)


def check_resources(client: SiengeClient) -> list[ResourceCheck]:
    """Try every resource once; ConfigError when the first one does not accept our credentials.

    When nobody is there, the others are not tried one by one.
    """
    checks: list[ResourceCheck] = []
    unreachable = ""
    for probe in PROBES:
        if unreachable:
            checks.append(ResourceCheck(probe.name, probe.permission, DOWN, unreachable))
            continue
        try:
            checks.append(_check(client, probe, is_first=not checks))
        except UnreachableError as error:
            unreachable = error.message
            checks.append(ResourceCheck(probe.name, probe.permission, DOWN, unreachable))
    return checks


def _check(client: SiengeClient, probe: Probe, *, is_first: bool) -> ResourceCheck:
    state, message = OK, ""
    try:
        client.probe(probe.path, probe.name, probe.params, probe.pool)
    except (CredentialsError, NotGrantedError) as error:
        # Some tenants say 401 for a resource that is merely not released.
        if is_first and isinstance(error, CredentialsError):
            raise
        state, message = NOT_GRANTED, f"Libere em Sienge › Usuários de API: {probe.permission}."
    except PermanentError:
        pass  # it understood who we are and refused the question
    except (UnreachableError, BudgetError):
        raise
    except (RetryableError, ConfigError) as error:
        state, message = DOWN, error.message
    return ResourceCheck(probe.name, probe.permission, state, message)
