"""One row in every table for an agency, recognisable wherever it might show up."""

import re
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.models.fields import NOT_PROVIDED

from cobranca.accounts.models import Agency, User
from cobranca.common import clock
from cobranca.common.fields import EncryptedTextField
from integrations.core.models import WebhookRefusal
from tests.factories import cpf

OURS = ("cobranca.", "integrations.")
# Columns that must be empty because another one of the row is filled.
LEFT_EMPTY = {
    "telecobranca.Goal.collector", "debtors.ContactBlock.phone", "telecobranca.QueueEntry.held_by",
}  # fmt: skip
# Columns that name another row than the first one of their table.
ANOTHER = {"debtors.DebtorMerge.gone", "debtors.DistinctPair.second"}
# Rows that a trigger of the database makes along with what they hang from.
WRITTEN_BY_THE_DATABASE = {"debtors.DebtorStanding"}
# The law is every agency's: what is planted in these tables is shown to all.
SHARED = {"dunning.ContactRule", "dunning.LegalHoliday"}
# Columns of digits: shown with dots and dashes, so they are looked for among digits only.
DIGITS = re.compile(r"document|cpf|cnpj|phone|postal_code|digits")


def our_models() -> list[type[models.Model]]:
    """Return every table of ours, history included."""
    return [model for model in apps.get_models() if model.__module__.startswith(OURS)]


def tenant_models() -> list[type[models.Model]]:
    """Return every table with an agency column."""
    return [m for m in our_models() if any(f.name == "agency" for f in m._meta.concrete_fields)]


@dataclass
class Garden:
    """The rows of one agency, by model; a row that is asked for is planted."""

    agency: Agency
    user: User
    rows: dict[type[models.Model], models.Model] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    _serial: Any = field(default_factory=lambda: count(101))
    _growing: set[type[models.Model]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.rows |= {Agency: self.agency, User: self.user}

    def plant_everything(self) -> None:
        """Put a row in every table of ours."""
        for model in our_models():
            self.row(model)

    def row(self, model: type[models.Model]) -> models.Model:
        """Return the row of `model`, planted with all it needs."""
        if model not in self.rows:
            self._growing.add(model)
            kept = len(self.words), len(self.numbers)
            row = model(**self._values(model))
            if model._meta.label in WRITTEN_BY_THE_DATABASE:
                row = model._base_manager.get(pk=row.pk)
            else:
                models.Model.save(row, force_insert=True)
            row.refresh_from_db()
            self.rows[model] = row
            self._growing.discard(model)
            if model._meta.label in SHARED:
                del self.words[kept[0] :], self.numbers[kept[1] :]
        return self.rows[model]

    def _values(self, model: type[models.Model]) -> dict[str, Any]:
        values = {}
        for column in model._meta.concrete_fields:
            if f"{model._meta.label}.{column.name}" in LEFT_EMPTY:
                continue
            value = self._value(column)
            if value is not NOT_PROVIDED:
                values[column.name] = value
        return values

    def _value(self, column: models.Field) -> Any:
        if isinstance(column, models.ForeignKey):
            return self._relative(column)
        if column.choices:
            return NOT_PROVIDED if column.has_default() else column.choices[0][0]
        if isinstance(column, EncryptedTextField | models.CharField | models.TextField):
            return self._text(column)
        if isinstance(column, models.JSONField):
            return {"marca": self.word(20)}
        return NOT_PROVIDED if _fills_itself(column) else _plain(column)

    def _relative(self, column: models.ForeignKey) -> Any:
        target = column.remote_field.model
        if f"{column.model._meta.label}.{column.name}" in ANOTHER:
            return self._another(target)
        if target in self._growing:
            return None  # a circle is closed through a nullable column, or not at all
        if target is ContentType:
            return ContentType.objects.get_for_model(User)
        return self.row(target)

    def _another(self, model: type[models.Model]) -> models.Model:
        """Return a second row of a table, for what needs two."""
        row = model(**self._values(model))
        models.Model.save(row, force_insert=True)
        return row

    def _text(self, column: models.Field) -> Any:
        room = column.max_length or 40
        if isinstance(column, models.EmailField):
            return f"{self.word(20)}@marca.example"
        if DIGITS.search(column.name) and room >= 8:
            # Scattered over nine digits: a run of zeros stands on any page of money.
            number = cpf(100_000_000 + next(self._serial) * 123_456_789 % 899_999_981)[:room]
            self.numbers.append(number)
            return number
        return self.word(room)

    def word(self, room: int = 40) -> str:
        """Return a word that stands nowhere else, and remember it."""
        if room < 6:
            return "zz"[:room]  # too short to be told apart from other text
        word = f"zqx{next(self._serial)}"
        self.words.append(word)
        return word


def _fills_itself(column: models.Field) -> bool:
    given = column.has_default() or column.has_db_default()
    return given or column.null or column.primary_key or isinstance(column, models.FileField)


def _plain(column: models.Field) -> Any:
    if isinstance(column, models.DateTimeField):
        return clock.now()
    if isinstance(column, models.DateField):
        # A month is stored as its first day.
        return clock.today().replace(day=1) if column.name == "month" else clock.today()
    if isinstance(column, models.BooleanField):
        return False
    if isinstance(column, models.GenericIPAddressField):
        return "192.0.2.1"
    if isinstance(column, models.IntegerField | models.DecimalField):
        return 1
    raise NotImplementedError(f"planting.py cannot fill {column}: teach it")


def checksum(agency: Agency) -> str:
    """Return a digest of every row of the agency, in every table."""
    parts = [
        f"SELECT '{m._meta.db_table}' || count(*) || "
        f"coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') "
        f'FROM "{m._meta.db_table}" t WHERE agency_id = {agency.pk}'
        for m in tenant_models()
        if m is not WebhookRefusal  # whoever knocks without a token is counted
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return str(sorted(cursor.fetchall()))


def ties_across_agencies() -> list[str]:
    """Return the references from a row of one agency to a row of another."""
    tenants = set(tenant_models())
    parts = [
        f"SELECT '{m._meta.db_table}.{f.column}' FROM \"{m._meta.db_table}\" a "
        f'JOIN "{f.remote_field.model._meta.db_table}" b ON b.{f.target_field.column} = '
        f"a.{f.column} WHERE a.agency_id <> b.agency_id"
        for m in tenants
        for f in m._meta.concrete_fields
        if isinstance(f, models.ForeignKey) and f.remote_field.model in tenants
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return [name for (name,) in cursor.fetchall()]
