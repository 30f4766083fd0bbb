"""The description of the REST API: whole, and true to what is routed."""

import json

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver


@pytest.fixture(scope="module")
def schema(tmp_path_factory):
    file = tmp_path_factory.mktemp("schema") / "schema.json"
    call_command(
        "spectacular", "--validate", "--fail-on-warn", "--format=openapi-json", f"--file={file}"
    )
    return json.loads(file.read_text())


def test_the_api_describes_itself_without_a_warning(schema):
    assert schema["openapi"] == "3.1.0"
    assert set(schema["components"]["securitySchemes"]) == {"token", "session"}


def test_every_operation_declares_how_it_refuses(schema):
    operations = [
        (path, method, operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
    for path, method, operation in operations:
        declared = set(operation["responses"])
        headers = {each["name"] for each in operation.get("parameters", ())}

        assert {"401", "403", "429"} <= declared, path
        assert ("404" in declared) == ("{" in path), path
        assert method != "post" or {"409", "422"} <= declared, path
        assert ("Idempotency-Key" in headers) == (method == "post"), path
        assert operation["description"], path
        assert operation["summary"], path


def test_everything_that_is_routed_is_described(schema):
    routed = {
        str(entry.pattern).partition("/")[0].removeprefix("^")
        for resolver in get_resolver().url_patterns
        if str(resolver.pattern) == "api/v1/"
        for entry in resolver.url_patterns
    }

    described = {path.split("/")[3] for path in schema["paths"]}
    assert routed - {"schema", "docs", ".*"} == described


def test_money_is_text_and_days_are_dates(schema):
    installment = schema["components"]["schemas"]["Installment"]["properties"]

    assert installment["balance"]["type"] == "string"
    assert installment["due_date"]["format"] == "date"


def test_the_description_and_its_page_are_open_to_all(db):
    anybody = Client()

    assert anybody.get("/api/v1/docs/").status_code == 200
    assert anybody.get("/api/v1/schema/").status_code == 200
