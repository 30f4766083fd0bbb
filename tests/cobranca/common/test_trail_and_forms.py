import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from kombu import Connection
from kombu.exceptions import OperationalError

from cobranca.common import bell, trail
from cobranca.common.downloads import csv_text, disarmed, rearmed, xlsx_response
from cobranca.common.errors import DomainError
from cobranca.common.forms import DocumentField, PhoneField, PostalCodeField
from cobranca.common.phones import parse_phone


def test_differences_are_told_by_label_from_to():
    before = {"sigla": "Vazio", "nome": "A"}

    assert trail.differences(before, {"sigla": "X", "nome": "A"}) == {"sigla": ["Vazio", "X"]}
    assert trail.differences({}, {"sigla": "Vazio", "nome": "A"}) == {"nome": ["Vazio", "A"]}


@pytest.mark.parametrize(
    ("field", "typed", "stored", "shown"),
    [
        (DocumentField(), "82.845.322/0001-04", "82845322000104", "82.845.322/0001-04"),
        (DocumentField(), "12.abc.345/01de-35", "12ABC34501DE35", "12.ABC.345/01DE-35"),
        (PostalCodeField(), "88.010-000", "88010000", "88010-000"),
        (PhoneField(), "+55 48 3027-8000", "4830278000", "(48) 3027-8000"),
        (PhoneField(required=False), "", "", ""),
    ],
)
def test_a_field_reads_and_shows_what_brazilians_type(field, typed, stored, shown):
    assert field.clean(typed) == stored
    assert field.prepare_value(stored) == shown


@pytest.mark.parametrize("field", [DocumentField(), PostalCodeField(), PhoneField()])
def test_what_cannot_be_read_is_refused(field):
    with pytest.raises(ValidationError):
        field.clean("xyz 12")


@pytest.mark.parametrize("number", ["0800 123 4567", "4004-1234", "3003 1234"])
def test_national_numbers_of_companies_are_phones(number):
    assert parse_phone(number) == "".join(filter(str.isdigit, number))


def test_a_phone_that_is_none_names_its_field():
    with pytest.raises(DomainError) as refused:
        parse_phone("12345", "telefone")

    assert refused.value.field == "telefone"


def test_a_csv_opens_in_a_brazilian_excel_without_running_anything():
    text = csv_text(["A", "B"], [["=cmd()", None], ["ação", 1]])

    assert text == "\ufeffA;B\r\n'=cmd();\r\nação;1\r\n"


@pytest.mark.parametrize(
    "cell", ["=1", "+1", "-1", "@A1", "\t=1", "\r=1", "\n=1", "texto", "'x'", ""]
)
def test_a_disarmed_cell_comes_back_as_it_was(cell):
    assert rearmed(disarmed(cell)) == cell


def test_an_xlsx_is_a_workbook():
    answer = xlsx_response("nome", ["A"], [["=1+1"]])

    assert answer.content.startswith(b"PK")
    assert answer["Content-Disposition"] == 'attachment; filename="nome.xlsx"'


def test_a_broker_that_is_down_does_not_undo_the_work(
    db, monkeypatch, django_capture_on_commit_callbacks
):
    def fail(*args, **kwargs):
        raise OperationalError("down")

    monkeypatch.setattr(bell.current_app, "send_task", fail)

    with django_capture_on_commit_callbacks(execute=True) as rung:
        bell.ring_on_commit("scheduling.sweep", 1)

    assert len(rung) == 1


def test_a_broker_that_is_down_is_asked_once_not_for_seconds(monkeypatch):
    """Each waiting between tries would be somebody's waiting for a page."""
    slept: list[float] = []
    monkeypatch.setattr("kombu.utils.functional.sleep", slept.append)
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    nobody = Connection("redis://127.0.0.1:1/0", transport_options=options)

    with nobody, pytest.raises(OperationalError):
        nobody.default_channel  # noqa: B018

    assert sum(slept) == 0
