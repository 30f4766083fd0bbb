"""An agency with a marked secret in every place that takes one, and a walk through all of it."""

import base64
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from celery.signals import before_task_publish
from django.conf import settings as django_settings
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled
from knox.models import AuthToken

from cobranca.accounts.models import Agency, User
from cobranca.accounts.roles import AUDITOR, COLLECTOR, IMPLEMENTER, SUPERVISOR
from cobranca.common.fields import EncryptedTextField
from cobranca.contracts.models import Installment
from cobranca.creditors.models import Creditor
from cobranca.creditors.parameters import CREDITOR, Parameter, definitions
from tests import factories
from tests.security.marking import Secret, found_in, told_by
from tests.security.planting import Garden, our_models
from tests.security.walking import rooms, urls_for

SETTINGS = (
    "SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "DATABASE_URL", "CELERY_BROKER_URL", "EMAIL_URL",
    "EMAIL_HOST_PASSWORD", "SENTRY_DSN", "METRICS_TOKEN",
)  # fmt: skip
ADDRESSES = {
    "DATABASE_URL": "postgresql://dono:{}@banco.example/cobranca",
    "CELERY_BROKER_URL": "redis://:{}@fila.example/0",
    "EMAIL_URL": "smtp+tls://correio:{}@smtp.example:587",
    "SENTRY_DSN": "https://{}@sentry.example/1",
}
PROBES = ("/health/live", "/health/ready", "/metrics")
# The walk in pieces, so that several processes share it.
PARTS = 4
# Where somebody is shown a secret on purpose, once, when they make it.
SHOWN_ONCE = frozenset({"mfa_activate_totp", "mfa_generate_recovery_codes"})


@dataclass
class House:
    """An agency full of rows, with a secret of its own in every place that takes one."""

    garden: Garden
    people: dict[str, User]
    creditor: Creditor
    token: str = ""
    # Pages that the URL conf does not name, or that only their query leads to.
    pages: list[str] = field(default_factory=lambda: list(PROBES))
    secrets: list[Secret] = field(default_factory=list)

    @property
    def agency(self) -> Agency:
        return self.garden.agency

    def secret(self, place: str) -> Secret:
        made = Secret(place)
        self.secrets.append(made)
        return made


def make_house(agency: Agency, settings: Any, monkeypatch: Any) -> House:
    """Fill an agency and mark every secret there is."""
    marked = [_mark_setting(settings, monkeypatch, name) for name in SETTINGS]
    people = {
        role: factories.make_user(agency, role, f"pessoa{place}")
        for place, role in enumerate((IMPLEMENTER, SUPERVISOR, COLLECTOR, AUDITOR))
    }
    creditor = factories.make_creditor(agency, creditor_type="SIENGE", external_code="1")
    garden = Garden(agency, people[IMPLEMENTER])
    with scopes_disabled():
        garden.plant_everything()
        Installment.objects.filter(agency=agency).update(has_boleto=True)
    made = House(garden, people, creditor, secrets=marked)
    _mark_people(made)
    _mark_columns(made)
    _mark_parameters(made)
    return made


def _mark_setting(settings: Any, monkeypatch: Any, name: str) -> Secret:
    made = Secret(name)
    value: Any = ADDRESSES.get(name, "{}").format(made.core)
    if name == "FIELD_ENCRYPTION_KEYS":
        key = base64.urlsafe_b64encode(made.core.encode().ljust(32, b"x")).decode()
        value = [key, *django_settings.FIELD_ENCRYPTION_KEYS]
    setattr(settings, name, value)
    monkeypatch.setenv(name, value[0] if isinstance(value, list) else value)
    return made


def _mark_people(house: House) -> None:
    operator = User.objects.create_superuser("operadora", "op@example.com", "x")
    house.people["operator"] = operator
    for role, user in house.people.items():
        user.set_password(house.secret(f"password of {role}").text)
        user.save()
    _, house.token = AuthToken.objects.create(house.people[IMPLEMENTER])


def _mark_columns(house: House) -> None:
    """Put a secret into every encrypted column there is, whoever's it is."""
    with scopes_disabled():
        for model in our_models():
            for column in model._meta.concrete_fields:
                if isinstance(column, EncryptedTextField):
                    mark = house.secret(f"{model._meta.label}.{column.name}").text
                    row = house.garden.row(model)
                    model._base_manager.filter(pk=row.pk).update(**{column.name: mark})


def secret_parameters() -> list[Parameter[Any]]:
    return [each for each in definitions() if each.secret]


def _mark_parameters(house: House) -> None:
    """Type every secret parameter on its screen; what is wrong with it is answered there."""
    browser = Client()
    browser.force_login(house.people[IMPLEMENTER])
    for parameter in secret_parameters():
        mark = house.secret(f"parameter {parameter.section} · {parameter.key}")
        of = {"credor": house.creditor.pk} if parameter.scope == CREDITOR else {}
        address = {"secao": parameter.section, "chave": parameter.key, **of}
        page = f"{reverse('creditors:parameter_value')}?{urlencode(address)}"
        assert browser.post(page, {"value": mark.text}).status_code == 302
        house.pages += [page, f"{page}&editar=1"]


# --- the walk -------------------------------------------------------------------------------------


@dataclass
class Walk:
    """Asks for one address after another; what gives a secret away is a finding."""

    house: House
    findings: list[str] = field(default_factory=list)

    def look(self, what: str, text: str) -> None:
        """Search a text."""
        if places := found_in(text, self.house.secrets):
            self.findings.append(f"{what} gives away {places}")

    def ask(self, client: Client, who: str, method: str, url: str) -> int:
        """Ask, look at the answer, undo; return its status."""
        with transaction.atomic():
            response = client.generic(method, url, **_body(method, url))
            text = told_by(response)
            transaction.set_rollback(True)
        self.look(f"{method} {url} for {who} ({response.status_code})", text)
        return response.status_code

    def everywhere(self, *rooms: str, part: int = 0) -> None:
        """Ask for every address (whose path names a room), as everybody; change as who may.

        Without rooms, for one of PARTS of them.
        """
        clients = dict(self._clients())
        urls = self._urls()
        chosen = [url for url in urls if any(room in url for room in rooms)]
        for turn, url in enumerate(chosen if rooms else urls[part::PARTS], start=part):
            for who, method in self._askers(url, turn):
                status = self.ask(clients[who], who, method, url)
                if method == "POST" and status != 200 and url.startswith("/admin/"):
                    self.ask(clients[who], who, "GET", url)

    def _askers(self, url: str, turn: int) -> list[tuple[str, str]]:
        """Return who asks how: whoever sees most, and of those who see less one after another."""
        if url in PROBES:
            return [("nobody", "GET")]  # answered before anybody is known
        if url.startswith("/api/"):
            return [("program", method) for method in ("GET", "POST", "PUT", "PATCH", "DELETE")]
        seen = ["nobody", "operator"]
        if not url.startswith("/admin/"):
            # In the back rooms the superuser sees all that anybody sees, and who changes is shown
            # the page again: `everywhere` asks for it where not.
            seen += [IMPLEMENTER, (SUPERVISOR, COLLECTOR, AUDITOR)[turn % 3]]
        return [(IMPLEMENTER, "POST"), *((who, "GET") for who in seen)]

    def _clients(self) -> Iterator[tuple[str, Client]]:
        yield "nobody", Client(raise_request_exception=False)
        token = {"Authorization": f"Token {self.house.token}"}
        yield "program", Client(raise_request_exception=False, headers=token)
        for role, user in self.house.people.items():
            browser = Client(raise_request_exception=False)
            browser.force_login(user)
            yield role, browser

    def _urls(self) -> list[str]:
        with scopes_disabled():
            walked = [
                url
                for found in rooms().values()
                for address in found
                if address.name not in SHOWN_ONCE
                for url in urls_for(address, self.house.garden)
            ]
        return walked + self.house.pages


def _body(method: str, url: str) -> dict[str, Any]:
    if method == "GET":
        return {}
    if url.startswith("/api/"):
        return {"data": b"{}", "content_type": "application/json"}
    return {"data": b"", "content_type": "application/x-www-form-urlencoded"}


@contextlib.contextmanager
def messages() -> Iterator[list[str]]:
    """Collect what is put into the broker."""
    told: list[str] = []

    def note(body: Any = None, headers: Any = None, **_: Any) -> None:
        told.append(f"{body} {headers}")

    before_task_publish.connect(note)
    try:
        yield told
    finally:
        before_task_publish.disconnect(note)
