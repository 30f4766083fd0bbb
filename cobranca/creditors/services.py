"""Changes to creditors and to how they are set up; each is validated and leaves a trail."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from cobranca.accounts.models import Agency, User
from cobranca.audit.services import log_action
from cobranca.common import trail
from cobranca.common.errors import DomainError
from cobranca.common.remembering import stop_remembering
from cobranca.creditors import automatic, selectors
from cobranca.creditors.models import (
    Branch,
    ContractType,
    ContractTypeAttribute,
    Creditor,
    CreditorTypeActivation,
    ParameterValue,
)
from cobranca.creditors.normalise import (
    check_logo,
    normalise_branch,
    normalise_creditor,
    required,
)
from cobranca.creditors.parameters import CREDITOR, Parameter
from cobranca.creditors.types import creditor_type

CREDITOR_FIELDS = (
    "document", "legal_name", "trade_name", "creditor_type", "external_code", "acronym",
    "is_active", "postal_code", "street", "street_number", "complement", "district", "city",
    "state", "phone", "email", "logo",
)  # fmt: skip
BRANCH_FIELDS = ("creditor", "code", "name", "acronym", "document", "is_active")
CONTRACT_TYPE_FIELDS = ("code", "name", "creditor_type", "is_validated")


@transaction.atomic
def activate_creditor_type(
    code: str, *, agency: Agency, actor: User | None
) -> CreditorTypeActivation:
    """Switch a creditor type on for an agency; doing it again changes nothing."""
    known = creditor_type(code)
    activation, is_new = CreditorTypeActivation.objects.get_or_create(
        agency=agency, code=known.code
    )
    if is_new:
        log_action("creditor_type.activated", activation, actor, agency=agency)
    return activation


@transaction.atomic
def deactivate_creditor_type(*, activation: CreditorTypeActivation, actor: User | None) -> None:
    """Switch a creditor type off; refused while creditors of the agency use it."""
    if Creditor.objects.filter(agency=activation.agency, creditor_type=activation.code).exists():
        raise DomainError("Há credores deste tipo: mude o tipo deles antes.")
    log_action("creditor_type.deactivated", activation, actor, agency=activation.agency)
    activation.delete()


@transaction.atomic
def save_creditor(*, creditor: Creditor, actor: User | None) -> Creditor:
    """Save a creditor; one of a type gets that type's settings and contract types.

    Those are marked "a validar" until somebody confirms them. Saving again changes nothing of
    what is there.
    """
    normalise_creditor(creditor)
    _check_type_is_active(creditor)
    _check_logo_if_new(creditor)
    before = trail.stored_snapshot(creditor, CREDITOR_FIELDS)
    had_type = Creditor.objects.filter(pk=creditor.pk, creditor_type=creditor.creditor_type)
    is_new_to_type = not had_type.exists()
    creditor._history_user = actor  # type: ignore[attr-defined]
    creditor.save()
    _log_saved("creditor", creditor, actor, before, CREDITOR_FIELDS)
    automatic.create_contract_types(creditor)
    if is_new_to_type:
        automatic.create_automatic_settings(creditor)
    return creditor


def _check_type_is_active(creditor: Creditor) -> None:
    code = creditor.creditor_type
    if code and code not in {known.code for known in selectors.active_types(creditor.agency)}:
        raise DomainError(
            "Este tipo de credor não está ativado: ative a integração antes.", "creditor_type"
        )


def _check_logo_if_new(creditor: Creditor) -> None:
    # A file that is already stored was checked when it came.
    if creditor.logo and not creditor.logo._committed:  # type: ignore[attr-defined]
        check_logo(creditor.logo.file)


@transaction.atomic
def save_branch(*, branch: Branch, actor: User | None) -> Branch:
    """Save a branch of a creditor of the same agency."""
    if branch.creditor.agency_id != branch.agency_id:
        raise DomainError("Credor desconhecido.", "creditor")
    normalise_branch(branch)
    before = trail.stored_snapshot(branch, BRANCH_FIELDS)
    branch._history_user = actor  # type: ignore[attr-defined]
    branch.save()
    _log_saved("branch", branch, actor, before, BRANCH_FIELDS)
    return branch


@transaction.atomic
def delete_branch(*, branch: Branch, actor: User | None) -> None:
    """Delete a branch that no contract is of; the others can only be inactivated."""
    log_action("branch.deleted", branch, actor, agency=branch.agency)
    branch._history_user = actor  # type: ignore[attr-defined]
    try:
        branch.delete()
    except ProtectedError as error:
        raise DomainError("Há contratos nesta filial: inative-a em vez de excluir.") from error


@transaction.atomic
def save_contract_type(*, contract_type: ContractType, actor: User | None) -> ContractType:
    """Save a contract type."""
    contract_type.code = required(contract_type.code, "code", "Informe o código.").upper()
    contract_type.name = required(contract_type.name, "name", "Informe o nome.")
    before = trail.stored_snapshot(contract_type, CONTRACT_TYPE_FIELDS)
    contract_type.save()
    _log_saved("contract_type", contract_type, actor, before, CONTRACT_TYPE_FIELDS)
    return contract_type


@transaction.atomic
def save_attributes(
    *,
    contract_type: ContractType,
    changed: Iterable[ContractTypeAttribute],
    removed: Iterable[ContractTypeAttribute] = (),
    actor: User | None,
) -> None:
    """Save and remove attributes of a contract type."""
    before = _attributes(contract_type)
    for attribute in removed:
        attribute.delete()
    for attribute in changed:
        attribute.agency = contract_type.agency
        attribute.contract_type = contract_type
        attribute.save()
    after = _attributes(contract_type)
    if before != after:
        changes = {"atributos": [before, after]}
        agency = contract_type.agency
        log_action("contract_type.saved", contract_type, actor, agency=agency, changes=changes)


def _attributes(contract_type: ContractType) -> str:
    rows = ContractTypeAttribute.objects.filter(contract_type=contract_type)
    shown = [f"{row.label} (chave)" if row.is_key else row.label for row in rows]
    return ", ".join(shown) or trail.EMPTY


@transaction.atomic
def confirm_contract_type(*, contract_type: ContractType, actor: User) -> None:
    """Say that a person looked at a contract type and its attributes."""
    if not contract_type.is_validated:
        contract_type.is_validated = True
        save_contract_type(contract_type=contract_type, actor=actor)


@transaction.atomic
def confirm_validation(*, creditor: Creditor, actor: User, section: str = "") -> int:
    """Say that a person looked at the automatic settings (of a section); return how many."""
    waiting = selectors.settings_to_validate(creditor.agency).filter(creditor=creditor)
    if section:
        waiting = waiting.filter(section=section)
    keys = sorted(waiting.values_list("key", flat=True))
    if keys:
        waiting.update(needs_validation=False)
        changes = {"validado": ["Não", ", ".join(keys)]}
        log_action("settings.validated", creditor, actor, agency=creditor.agency, changes=changes)
    return len(keys)


@transaction.atomic
def set_parameter(
    parameter: Parameter[Any],
    raw: str | None,
    *,
    agency: Agency,
    creditor: Creditor | None = None,
    actor: User | None,
) -> None:
    """Give a parameter the value a person typed; None or "" unsets it, so that its default applies.

    Raises DomainError at the field "value" with the expected format. Typing the value an automatic
    setting already has confirms it.
    """
    owner = creditor if parameter.scope == CREDITOR else None
    before = selectors.line_of(parameter, agency=agency, creditor=owner)
    _store(parameter, _canonical(parameter, raw), agency, owner)
    after = selectors.line_of(parameter, agency=agency, creditor=owner)
    changes = _parameter_change(before, after)
    if changes:
        log_action("parameter.set", owner or agency, actor, agency=agency, changes=changes)


def _canonical(parameter: Parameter[Any], raw: str | None) -> str | None:
    if raw is None or not raw.strip():
        return None
    try:
        return parameter.kind.store(parameter.kind.parse(raw))
    except DomainError as error:
        raise DomainError(error.message, "value") from error


def _store(
    parameter: Parameter[Any], text: str | None, agency: Agency, owner: Creditor | None
) -> None:
    stop_remembering()
    slot: dict[str, Any] = {
        "agency": agency,
        "creditor": owner,
        "section": parameter.section,
        "key": parameter.key,
    }
    if text is None:
        ParameterValue.objects.filter(**slot).delete()
        return
    ParameterValue.objects.update_or_create(
        **slot, defaults={"value": text, "needs_validation": False}
    )


def _parameter_change(
    before: selectors.ParameterLine, after: selectors.ParameterLine
) -> dict[str, Any]:
    """Return what the trail says; of a secret only that it changed."""
    parameter = after.parameter
    name = f"{parameter.section} · {parameter.label}"
    if parameter.secret:
        return {name: trail.SECRET_CHANGED} if before.is_set or after.is_set else {}
    if before == after:
        return {}
    return {name: [before.shown or trail.EMPTY, after.shown or trail.EMPTY]}


def _log_saved(
    name: str, obj: Any, actor: User | None, before: dict[str, str], fields: Iterable[str]
) -> None:
    """Record what a save changed, if anything."""
    changes = trail.differences(before, trail.snapshot(obj, fields))
    if changes:
        action = f"{name}.saved" if before else f"{name}.created"
        log_action(action, obj, actor, agency=obj.agency, changes=changes)
