"""Form fields that read what Brazilians type, and forms that know their agency."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from cobranca.common.documents import format_document, parse_document
from cobranca.common.errors import DomainError
from cobranca.common.phones import format_phone, parse_phone
from cobranca.common.places import format_postal_code, parse_postal_code


def refuse(error: DomainError) -> ValidationError:
    """Return a broken rule as a form error."""
    return ValidationError(error.message)


class ParsedField(forms.CharField):
    """Text that is stored in one spelling and shown in another."""

    def __init__(
        self, *, parse: Callable[[str], str], show: Callable[[str], str], **kwargs: Any
    ) -> None:
        self.parse, self.show = parse, show
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        """Return the stored spelling of what was typed."""
        text = super().clean(value)
        try:
            return self.parse(text) if text else text
        except DomainError as error:
            raise refuse(error) from error

    def prepare_value(self, value: Any) -> Any:
        """Return the shown spelling of what is stored; what was typed wrong stays as typed."""
        return self.show(value) if isinstance(value, str) else value


class DocumentField(ParsedField):
    """CPF or CNPJ."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(parse=parse_document, show=format_document, **kwargs)


class PostalCodeField(ParsedField):
    """CEP."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(parse=parse_postal_code, show=format_postal_code, **kwargs)


class PhoneField(ParsedField):
    """A phone with DDD, or a national number as 0800."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(parse=parse_phone, show=format_phone, **kwargs)


class AgencyForm(forms.ModelForm):
    """A form of a row that belongs to an agency.

    The agency is not a field, it is the user's; it is set before validation so that rules of
    the database that include it (one code per agency) are checked here, at the form.
    """

    agency: models.Model | None = None

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"agency"}  # type: ignore[misc]

    def _post_clean(self) -> None:
        if self.agency is not None and getattr(self.instance, "agency_id", 0) is None:
            self.instance.agency = self.agency
        super()._post_clean()  # type: ignore[misc]
