"""The e-mails that a debtor may be written to."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from cobranca.common.errors import DomainError
from cobranca.debtors.models import Debtor, EmailAddress


def active_emails(debtor: Debtor) -> list[EmailAddress]:
    """Return the e-mails a debtor may be written to, the main one first."""
    return list(EmailAddress.objects.filter(debtor=debtor, is_active=True))


def choose_email(debtor: Debtor, email_id: int | None) -> EmailAddress:
    """Return the chosen e-mail, else the main one; DomainError at `email` when it may not be."""
    known = active_emails(debtor)
    if not known:
        raise DomainError(
            "Este devedor não tem e-mail ativo: inclua um na aba E-mails da página dele.", "email"
        )
    if email_id is None:
        return known[0]
    chosen = next((each for each in known if each.pk == email_id), None)
    if chosen is None:
        raise DomainError("Escolha um dos e-mails ativos do devedor.", "email")
    return chosen


def check_email(email: EmailAddress) -> EmailAddress:
    """Return an e-mail that can be written to; what an ERP had on file may be anything."""
    try:
        validate_email(email.email)
    except ValidationError:
        raise DomainError(
            f"“{email.email}” não é um endereço de e-mail: corrija-o na aba E-mails.", "email"
        ) from None
    return email
