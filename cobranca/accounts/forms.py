"""Forms of people and agencies."""

from typing import Any

from django import forms
from unfold.forms import UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from cobranca.accounts.models import Agency, User
from cobranca.accounts.roles import ROLES, role_of
from cobranca.common.forms import AgencyForm, DocumentField


def _role_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Papel",
        choices=[(role, role) for role in ROLES],
        widget=UnfoldAdminSelectWidget,
        help_text="O que a pessoa pode ver e fazer.",
    )


class UserForm(AgencyForm, UserChangeForm):
    """Someone who signs in; rights come only from the role."""

    role = _role_field()

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email", "is_active", "agency")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["role"] = role_of(self.instance)

    def clean_email(self) -> str:
        """Return the address in lower case."""
        return str(self.cleaned_data.get("email") or "").strip().lower()


class NewUserForm(AgencyForm, UserCreationForm):
    """The same, with the first password."""

    role = _role_field()

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email", "agency")

    def clean_email(self) -> str:
        """Return the address in lower case."""
        return str(self.cleaned_data.get("email") or "").strip().lower()


class AgencyDataForm(AgencyForm):
    """An assessoria."""

    document = DocumentField(
        label="CNPJ", required=False, max_length=20, widget=UnfoldAdminTextInputWidget
    )

    class Meta:
        model = Agency
        fields = ("name", "document", "state", "is_active")
