"""Everything the office holds about a person, for the person: to be read, and to be processed."""

import io
import json
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.template.loader import render_to_string
from django.utils.text import capfirst

from cobranca.accounts.models import User
from cobranca.audit.services import log_action
from cobranca.common.errors import DomainError
from cobranca.common.templatetags.br import moment, yes_no
from cobranca.debtors.anonymising import check_reason
from cobranca.debtors.holdings import Holding, Person, holdings
from cobranca.debtors.models import Debtor, PrivacyRequest
from cobranca.debtors.persons import person_of
from cobranca.debtors.reading import EXPORT, note_reading


@dataclass(frozen=True)
class Section:
    """The rows of one table: for people (`header`, `lines`) and for machines (`rows`)."""

    title: str
    data_class: str
    model: str
    header: list[str]
    lines: list[list[str]]
    rows: list[dict[str, Any]]


@transaction.atomic
def export_debtor(*, debtor_id: int, reason: str, actor: User, at: datetime) -> tuple[str, bytes]:
    """Return (file name, ZIP) with all that is held about a debtor, and write down that it was.

    Raises DomainError without a reason, or when there is nothing left of the person.
    """
    why = check_reason(reason)
    debtor = Debtor.objects.select_related("agency", "merged_into").get(pk=debtor_id)
    if debtor.merged_into_id is not None:
        raise DomainError("Este cadastro foi unificado em outro: exporte o que permaneceu.")
    if debtor.anonymised_at is not None:
        raise DomainError("Este titular foi anonimizado: não há o que exportar.")
    sections = sections_of(person_of(debtor))
    packed = _packed(debtor, sections, at)
    PrivacyRequest.objects.create(
        agency_id=debtor.agency_id,
        debtor=debtor,
        kind=PrivacyRequest.Kind.EXPORT,
        reason=why,
        actor=actor,
        at=at,
    )
    note_reading(debtor.pk, actor, EXPORT, at)
    log_action("debtor.exported", debtor, actor, agency=debtor.agency)
    return f"titular-{debtor.pk}.zip", packed


def sections_of(person: Person) -> list[Section]:
    """Return what every room holds about a person, in the order of the rooms."""
    found = (_section(holding, person) for holding in holdings())
    return [section for section in found if section.rows]


def _section(holding: Holding, person: Person) -> Section:
    meta = holding.table._meta
    columns = [
        each
        for each in meta.concrete_fields
        if each.name not in holding.hidden and each.name != "agency" and each.name != "debtor"
    ]
    related = [each.name for each in columns if each.is_relation]
    rows = list(holding.rows_of(person).select_related(*related) if related
                else holding.rows_of(person))  # fmt: skip
    return Section(
        title=capfirst(str(meta.verbose_name_plural)),
        data_class=str(holding.data_class),
        model=holding.model,
        header=[capfirst(str(each.verbose_name)) for each in columns],
        lines=[[_read(row, each) for each in columns] for row in rows],
        rows=[{each.name: _plain(row, each) for each in columns} for row in rows],
    )


def _plain(row: Model, column: Any) -> Any:
    """Return a value as JSON has it; who or what a key names, in words."""
    if column.is_relation:
        other = getattr(row, column.name)
        return None if other is None else str(other)
    value = getattr(row, column.name)
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date | datetime) else value


def _read(row: Model, column: Any) -> str:
    """Return a value as people read it."""
    if column.choices:
        return str(getattr(row, f"get_{column.name}_display")())
    value = getattr(row, column.name)
    if isinstance(value, date):  # an instant is one, too
        return moment(value) if isinstance(value, datetime) else f"{value:%d/%m/%Y}"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str) if value else ""
    if isinstance(value, bool):
        return yes_no(value)
    return str("" if value is None else value)


def _packed(debtor: Debtor, sections: list[Section], at: datetime) -> bytes:
    told = {
        "titular": debtor.pk,
        "assessoria": str(debtor.agency),
        "exportado_em": at.isoformat(),
        "dados": [
            {
                "tabela": each.model,
                "nome": each.title,
                "classe": each.data_class,
                "linhas": each.rows,
            }
            for each in sections
        ],
    }
    context = {"debtor": debtor, "sections": sections, "at": at}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        text = json.dumps(told, ensure_ascii=False, indent=2, default=str)
        archive.writestr("dados.json", text)
        archive.writestr("dados.html", render_to_string("debtors/export.html", context))
        archive.writestr("dados.css", render_to_string("debtors/export.css"))
    return packed.getvalue()
