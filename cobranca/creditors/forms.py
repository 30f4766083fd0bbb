"""Forms of creditors, branches and contract types."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from cobranca.common.errors import DomainError
from cobranca.common.forms import AgencyForm, DocumentField, PhoneField, PostalCodeField
from cobranca.creditors import selectors
from cobranca.creditors.models import Branch, ContractType, Creditor, CreditorTypeActivation
from cobranca.creditors.normalise import (
    check_logo,
    parse_branch_code,
    parse_email,
    parse_external_code,
)
from cobranca.creditors.types import creditor_types, label_of


def _type_field(label: str, *, required: bool = False) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=required, widget=UnfoldAdminSelectWidget)


class CheckedForm(AgencyForm):
    """A form that shows broken rules at their fields."""

    def check(self, name: str, parse: Any, *args: Any) -> None:
        """Put what `parse` makes of a field in its place, or its error at the field."""
        if name not in self.cleaned_data:
            return
        try:
            self.cleaned_data[name] = parse(*args, self.cleaned_data[name])
        except DomainError as error:
            self.add_error(name, error.message)


class CreditorForm(CheckedForm):
    """Cadastro de Credor, with the fields of the playbook's screen (6.3)."""

    document = DocumentField(label="CNPJ", max_length=20, widget=UnfoldAdminTextInputWidget)
    postal_code = PostalCodeField(
        label="CEP", required=False, max_length=12, widget=UnfoldAdminTextInputWidget
    )
    phone = PhoneField(
        label="Telefone", required=False, max_length=25, widget=UnfoldAdminTextInputWidget
    )
    creditor_type = _type_field("Tipo de credor")

    class Meta:
        model = Creditor
        exclude = ("agency",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        active = selectors.active_types(self.agency) if self.agency else []  # type: ignore[arg-type]
        kept = {self.instance.creditor_type} - {"", *(known.code for known in active)}
        choices = [(known.code, known.label) for known in active]
        choices += [(code, label_of(code)) for code in sorted(kept)]
        self.fields["creditor_type"].choices = [("", "Sem integração"), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Check what depends on more than the field's own text."""
        self.check("email", parse_email)
        kind = self.cleaned_data.get("creditor_type", "")
        self.check("external_code", parse_external_code, kind)
        logo = self.cleaned_data.get("logo")
        if isinstance(logo, UploadedFile):
            self.check("logo", _checked_logo)
        return self.cleaned_data


def _checked_logo(file: UploadedFile) -> UploadedFile:
    check_logo(file)
    return file


class BranchForm(CheckedForm):
    """Cadastro de Filial."""

    document = DocumentField(
        label="CNPJ", required=False, max_length=20, widget=UnfoldAdminTextInputWidget
    )

    class Meta:
        model = Branch
        # The creditor is added by the admin, within a request: its choices need a scope.
        fields = ("code", "name", "acronym", "document", "is_active")

    def clean(self) -> dict[str, Any]:
        """Spell the code as the creditor's ERP does."""
        creditor = self.cleaned_data.get("creditor")
        if creditor is not None:
            self.check("code", parse_branch_code, creditor)
        return self.cleaned_data


class ContractTypeForm(CheckedForm):
    """Tipo de Contrato."""

    creditor_type = _type_field("Tipo de credor")

    class Meta:
        model = ContractType
        exclude = ("agency",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(kind.code, kind.label) for kind in creditor_types()]
        self.fields["creditor_type"].choices = [("", "Todos"), *known]  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        """Return the code in upper case, as people write it."""
        return str(self.cleaned_data["code"]).strip().upper()


class ActivationForm(CheckedForm):
    """Integração Credor Tipo: which integration to switch on."""

    code = _type_field("Tipo de credor", required=True)

    class Meta:
        model = CreditorTypeActivation
        exclude = ("agency",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(kind.code, kind.label) for kind in creditor_types()]
        self.fields["code"].choices = choices  # type: ignore[attr-defined]
