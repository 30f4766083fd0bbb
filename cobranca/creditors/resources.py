"""Branches and contract types as tables, in and out; what comes in goes through the services."""

from typing import Any

from django.core.exceptions import ValidationError
from import_export import fields, resources, widgets

from cobranca.accounts.models import Agency, User
from cobranca.common.downloads import disarmed, rearmed
from cobranca.common.errors import DomainError
from cobranca.creditors import services
from cobranca.creditors.models import Branch, ContractType, Creditor
from cobranca.creditors.normalise import parse_branch_code


class AgencyResource(resources.ModelResource):
    """Rows of one agency. A broken rule is an error of its line, shown in the preview."""

    def __init__(self, agency: Agency | None = None, actor: User | None = None) -> None:
        super().__init__()
        self.agency, self.actor = agency, actor

    def export_field(self, field: Any, instance: Any, **kwargs: Any) -> str:
        """Return a cell that no spreadsheet runs as a formula."""
        return disarmed(super().export_field(field, instance, **kwargs))

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        """Read the cells of a file that went out from here as they were."""
        texts = {name: cell for name, cell in row.items() if isinstance(cell, str)}
        row.update({name: rearmed(cell) for name, cell in texts.items()})

    def init_instance(self, row: Any = None) -> Any:
        """Make a new row of the agency."""
        return self._meta.model(agency=self.agency)

    def save_instance(self, instance: Any, is_create: bool, row: Any, **kwargs: Any) -> None:
        """Save through the service; the preview does the same in a transaction it undoes."""
        try:
            self.save_row(instance)
        except DomainError as error:
            raise ValidationError(error.message) from error

    def save_row(self, instance: Any) -> None:
        """Each resource names the service that saves."""
        raise NotImplementedError


class CreditorWidget(widgets.ForeignKeyWidget):
    """A creditor by its code, among those of the agency (the scope narrows them)."""

    def __init__(self) -> None:
        super().__init__(Creditor, field="external_code")

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """Return the creditor or say which code is unknown."""
        try:
            return super().clean(str(value or "").strip(), row, **kwargs)
        except (Creditor.DoesNotExist, Creditor.MultipleObjectsReturned) as error:
            raise ValueError(f"Credor não encontrado pelo código: {value}.") from error


class BranchResource(AgencyResource):
    """Filiais: creditor (by its code), code, name, acronym, CNPJ, active."""

    creditor = fields.Field("creditor", "Código do credor", CreditorWidget())
    code = fields.Field("code", "Código", widgets.CharWidget())
    name = fields.Field("name", "Nome", widgets.CharWidget())
    acronym = fields.Field("acronym", "Sigla", widgets.CharWidget())
    document = fields.Field("document", "CNPJ", widgets.CharWidget())

    class Meta:
        model = Branch
        import_id_fields = ("creditor", "code")
        fields = ("creditor", "code", "name", "acronym", "document")
        skip_unchanged = True
        report_skipped = True

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        """Spell the code as the ERP does: "0012" finds branch 12 and makes no second one."""
        super().before_import_row(row, **kwargs)
        creditor = Creditor.objects.filter(external_code=str(row.get("Código do credor"))).first()
        if creditor is not None:
            try:
                row["Código"] = parse_branch_code(creditor, str(row.get("Código") or ""))
            except DomainError as error:
                raise ValidationError(error.message) from error

    def save_row(self, instance: Branch) -> None:
        """Save a branch."""
        services.save_branch(branch=instance, actor=self.actor)


class ContractTypeResource(AgencyResource):
    """Tipos de contrato: code, name, creditor type."""

    creditor_type = fields.Field("creditor_type", "Tipo de credor", widgets.CharWidget())
    code = fields.Field("code", "Código", widgets.CharWidget())
    name = fields.Field("name", "Nome", widgets.CharWidget())

    class Meta:
        model = ContractType
        import_id_fields = ("creditor_type", "code")
        fields = ("creditor_type", "code", "name")
        skip_unchanged = True
        report_skipped = True

    def save_row(self, instance: ContractType) -> None:
        """Save a contract type."""
        services.save_contract_type(contract_type=instance, actor=self.actor)
