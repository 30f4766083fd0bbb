"""The four roles and what each may do; groups are kept equal to this table by `migrate`."""

from collections.abc import Iterable

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
    "dunning.contactpolicy",
    "dunning.contactresult",
    "telecobranca.workqueue",
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
    "debtors.contactblock",
    "dunning.contactattempt",
    "dunning.contactrecord",
    "dunning.contactresult",
    "dunning.contactrule",
    "dunning.legalholiday",
    "dunning.contactpolicy",
    "dunning.promise",
    "dunning.callback",
    "telecobranca.queueentry",
)
# What a supervisor arranges: who works what, and what is expected of whom.
_TEAM = (
    "accounts.team",
    "telecobranca.contractassignment",
    "telecobranca.goal",
    "telecobranca.queuedraw",
)
# Data of persons: who read it, who was merged with whom, what a person asked for.
_PRIVACY = ("debtors.debtorreading", "debtors.debtormerge", "debtors.privacyrequest")
_OPERATIONS = (
    "integrations.importrun",
    "integrations.importissue",
    "integrations.integrationlog",
    "integrations.connectionstate",
    "integrations.erpoperation",
    "integrations.erpoperationstep",
    "integrations.webhooksubscription",
    "integrations.webhookdelivery",
    "integrations.webhookrefusal",
    "scheduling.taskrun",
    "outbox.outboxevent",
)
_NEGOTIATION = ("agreements.agreement", "agreements.agreementpayment")
_CONTACT = ("debtors.phone", "debtors.emailaddress", "debtors.address", "debtors.relatedperson")
# What a collector writes in a day's work.
_WORK = ("dunning.contactrecord", "dunning.promise", "dunning.callback", "debtors.contactblock")


def _may(models: tuple[str, ...], *actions: str) -> set[str]:
    return {f"{model.replace('.', f'.{action}_')}" for model in models for action in actions}


_READ_ALL = _may((*_CONFIGURATION, *_PORTFOLIO, *_OPERATIONS, *_TEAM, *_PRIVACY), "view")
PERMISSIONS: dict[str, set[str]] = {
    IMPLEMENTER: _READ_ALL
    | _may(_CONFIGURATION, "add", "change", "delete")
    | _may(("integrations.importrun", "scheduling.taskrun"), "add", "change")
    | _may(("integrations.webhookdelivery", "integrations.webhooksubscription"), "change")
    | _may(("integrations.connectionstate", "outbox.outboxevent"), "change")
    | _may(_CONTACT, "add", "change")
    | _may(_NEGOTIATION, "add", "change")
    | _may(_WORK, "add", "change")
    | _may(("contracts.event",), "add")
    | _may(("accounts.user",), "view", "add", "change")
    | _may(_TEAM, "add", "change", "delete")
    | _may(_PRIVACY, "add", "change")
    | {"agreements.approve_agreement", "accounts.view_board", "accounts.view_dashboards"}
    | {"audit.view_auditentry", "debtors.see_personal"},
    SUPERVISOR: _READ_ALL
    | _may(("integrations.importrun", "scheduling.taskrun"), "add", "change")
    | _may(("integrations.webhookdelivery",), "change")
    | _may(_CONTACT, "add", "change")
    | _may(_NEGOTIATION, "add", "change")
    | _may(_WORK, "add", "change")
    | _may(("contracts.event",), "add")
    | _may(_TEAM, "add", "change", "delete")
    | _may(("telecobranca.workqueue",), "add", "change")
    | _may(("debtors.debtormerge",), "add", "change")
    | {"debtors.see_personal"}
    | {"agreements.approve_agreement", "accounts.view_board", "accounts.view_dashboards"},
    COLLECTOR: _may((*_PORTFOLIO, "creditors.creditor", "creditors.branch"), "view")
    | _may(_CONTACT, "add", "change")
    | _may(_NEGOTIATION, "add", "change")
    | _may(_WORK, "add", "change")
    | _may(("contracts.event",), "add")
    | {"debtors.see_personal"},
    AUDITOR: _READ_ALL
    | {"debtors.reveal_personal"}
    | {"audit.view_auditentry", "accounts.view_user"}
    | {"accounts.view_board", "accounts.view_dashboards"},
}

# All that people of an external office may do, whatever their role: their debtors, and the board
# and the goals of their own teams. What shows or arranges the whole agency (dashboards,
# distribution, queues, teams, configuration, back office) is the house's, and so is whatever a
# role is given later: a permission reaches them only from here.
OUTSIDE = PERMISSIONS[COLLECTOR] | {
    "accounts.view_board",
    "agreements.approve_agreement",
    "debtors.reveal_personal",
    "telecobranca.change_queuedraw",
    "telecobranca.view_goal",
}


def role_of(user: AbstractBaseUser | AnonymousUser) -> str:
    """Return the first role of `user` in the order of ROLES; "" when there is none."""
    if not user.is_authenticated:
        return ""
    return first_role(user.groups.values_list("name", flat=True))  # type: ignore[attr-defined]


def first_role(groups: Iterable[str]) -> str:
    """Return the first role among names of groups; "" when there is none."""
    names = set(groups)
    return next((role for role in ROLES if role in names), "")
