"""What a creditor of a type starts with (playbook 6.3 and 6.5); made once, however often asked."""

from cobranca.common.remembering import stop_remembering
from cobranca.creditors.models import (
    ContractType,
    ContractTypeAttribute,
    Creditor,
    ParameterValue,
)
from cobranca.creditors.types import ContractTypeModel, CreditorType, creditor_type


def create_contract_types(creditor: Creditor) -> None:
    """Make sure the contract types of the creditor's type exist; existing ones are left alone."""
    if creditor.creditor_type:
        kind = creditor_type(creditor.creditor_type)
        for model in kind.contract_types:
            _create_contract_type(creditor, kind, model)


def create_automatic_settings(creditor: Creditor) -> int:
    """Give `creditor` the settings of its type, to be validated by a person; return how many.

    A setting that already has a value keeps it, whoever gave it.
    """
    if not creditor.creditor_type:
        return 0
    have = set(ParameterValue.objects.filter(creditor=creditor).values_list("section", "key"))
    missing = [
        ParameterValue(
            agency=creditor.agency,
            creditor=creditor,
            section=parameter.section,
            key=parameter.key,
            value=parameter.kind.store(parameter.kind.parse(text)),
            needs_validation=True,
        )
        for parameter, text in creditor_type(creditor.creditor_type).automatic_settings
        if (parameter.section, parameter.key) not in have
    ]
    stop_remembering()
    # Two saves at once: the second one's rows are already there.
    ParameterValue.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)


def _create_contract_type(creditor: Creditor, kind: CreditorType, model: ContractTypeModel) -> None:
    contract_type, is_new = ContractType.objects.get_or_create(
        agency=creditor.agency,
        creditor_type=kind.code,
        code=model.code,
        defaults={"name": model.name},
    )
    if not is_new:
        return
    ContractTypeAttribute.objects.bulk_create(
        ContractTypeAttribute(
            agency=creditor.agency,
            contract_type=contract_type,
            key=attribute.key,
            label=attribute.label,
            is_key=attribute.is_key,
            position=position,
        )
        for position, attribute in enumerate(model.attributes, start=1)
    )
