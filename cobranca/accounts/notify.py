"""E-mails to the people of an agency."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string

from cobranca.accounts.models import Agency, User
from cobranca.common.errors import DomainError


def people_of(agency: Agency, role: str) -> list[User]:
    """Return the active people of `agency` in `role` who can be written to."""
    return list(
        User.objects.filter(agency=agency, is_active=True, groups__name=role).exclude(email="")
    )


def notify_role(
    *, agency: Agency, role: str, subject: str, template: str, context: dict[str, Any]
) -> int:
    """Write to everyone of `agency` in `role`, one message each; return how many.

    Nobody to write to is a DomainError: a warning that reaches no one is no warning.
    """
    people = people_of(agency, role)
    if not people:
        raise DomainError(f"Ninguém com o papel {role} tem e-mail cadastrado nesta assessoria.")
    shared = {**context, "agency": agency, "site_url": settings.SITE_URL}
    messages = [
        EmailMessage(
            # One line, whatever names are in it: a header takes no other.
            subject=" ".join(f"[{agency}] {subject}".split()),
            body=render_to_string(template, {**shared, "person": person}),
            to=[person.email],
        )
        for person in people
    ]
    return get_connection().send_messages(messages) or 0
