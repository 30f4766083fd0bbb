"""The four roles and what each may do; groups are kept equal to this table by `migrate`."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

IMPLEMENTER = "Implementador"
SUPERVISOR = "Supervisor"
COLLECTOR = "Cobrador"
AUDITOR = "Auditor"
ROLES = (IMPLEMENTER, SUPERVISOR, COLLECTOR, AUDITOR)

# app_label.model → actions; "*" is every model of the app.
_CONFIGURATION = (
    "creditors.creditor",
    "creditors.branch",
    "creditors.contracttype",
    "creditors.contracttypeattribute",
    "creditors.creditortypeactivation",
    "creditors.parametervalue",
    "contracts.agencyrecallreason",
    "scheduling.scheduledtask",
    "scheduling.holiday",
    "campaigns.campaign",
    "campaigns.cashbracket",
    "campaigns.instalmentbracket",
    "campaigns.indexseries",
    "campaigns.indexvalue",
    "agreements.agreementtemplate",
)
_PORTFOLIO = (
    "debtors.debtor",
    "debtors.phone",
    "debtors.emailaddress",
    "debtors.address",
    "debtors.relatedperson",
    "contracts.contract",
    "contracts.negotiation",
    "contracts.installment",
    "contracts.payment",
    "contracts.recall",
    "contracts.event",
    "campaigns.campaign",
    "campaigns.erpbalance",
    "campaigns.quote",
    "agreements.agreement",
    "agreements.agreementitem",
    "agreements.agreementinstallment",
    "agreements.agreementpayment",
)
_OPERATIONS = (
    "integrations.importrun",
    "integrations.importissue",
    "integrations.integrationlog",
    "integrations.connectionstate",
    "scheduling.taskrun",
    "outbox.outboxevent",
)
_NEGOTIATION = ("agreements.agreement", "agreements.agreementpayment")
_CONTACT = ("debtors.phone", "debtors.emailaddress", "debtors.address", "debtors.relatedperson")


def _may(models: tuple[str, ...], *actions: str) -> set[str]:
    return {f"{model.replace('.', f'.{action}_')}" for model in models for action in actions}


_READ_ALL = _may((*_CONFIGURATION, *_PORTFOLIO, *_OPERATIONS), "view")
PERMISSIONS: dict[str, set[str]] = {
    IMPLEMENTER: _READ_ALL
    | _may(_CONFIGURATION, "add", "change", "delete")
    | _may(("integrations.importrun", "scheduling.taskrun"), "add", "change")
    | _may(("integrations.connectionstate", "outbox.outboxevent"), "change")
    | _may(_CONTACT, "add", "change")
    | _may(_NEGOTIATION, "add", "change")
    | _may(("contracts.event",), "add")
    | _may(("accounts.user",), "view", "add", "change")
    | {"agreements.approve_agreement"}
    | {"audit.view_auditentry"},
    SUPERVISOR: _READ_ALL
    | _may(("integrations.importrun", "scheduling.taskrun"), "add", "change")
    | _may(_CONTACT, "add", "change")
    | _may(_NEGOTIATION, "add", "change")
    | _may(("contracts.event",), "add")
    | {"agreements.approve_agreement"},
    COLLECTOR: _may((*_PORTFOLIO, "creditors.creditor", "creditors.branch"), "view")
    | _may(_CONTACT, "add", "change")
    | _may(_NEGOTIATION, "add", "change")
    | _may(("contracts.event",), "add"),
    AUDITOR: _READ_ALL | {"audit.view_auditentry", "accounts.view_user"},
}


def role_of(user: AbstractBaseUser | AnonymousUser) -> str:
    """Return the first role of `user` in the order of ROLES; "" when there is none."""
    if not user.is_authenticated:
        return ""
    names = set(user.groups.values_list("name", flat=True))  # type: ignore[attr-defined]
    return next((role for role in ROLES if role in names), "")
