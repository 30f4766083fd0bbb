"""The description of the REST API: whole, and true to what is routed."""

import json
import re

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver

from tests.security.walking import rooms

NOT_RESOURCES = {"api_schema", "api_docs", "api_unknown"}


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
        parameters = operation.get("parameters", ())
        headers = {each["name"] for each in parameters}
        # A row is named by the path, or asked for by a parameter that cannot be left out.
        names_one = "{" in path or any(
            each["name"] == "debtor" and each["in"] == "query" and each.get("required")
            for each in parameters
        )

        assert {"401", "403", "406", "429"} <= declared, path
        assert ("404" in declared) == names_one, path
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


def test_every_route_is_described(schema):
    """Route by route and method by method, as the URL conf has them."""
    routed = {
        (_as_described(address.route), method)
        for addresses in rooms().values()
        for address in addresses
        if address.route.startswith("api/v1/") and address.name not in NOT_RESOURCES
        for method in set(getattr(address.callback, "actions", {})) - {"head"}
    }
    described = {(path, method) for path, methods in schema["paths"].items() for method in methods}

    assert len(routed) > 150
    assert routed == described


def _as_described(route: str) -> str:
    named = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", f"/{route}").replace("{pk}", "{id}")
    return re.sub(r"<\w+:(\w+)>", r"{\1}", named).replace("^", "").replace("$", "")


def test_operations_have_names_of_their_own_and_tags_that_are_explained(schema):
    operations = [each for methods in schema["paths"].values() for each in methods.values()]
    names = [each["operationId"] for each in operations]
    explained = {tag["name"] for tag in schema["tags"] if tag["description"]}

    assert len(names) == len(set(names))
    assert {tag for each in operations for tag in each["tags"]} == explained


def test_lists_document_their_pages(schema):
    listed = schema["paths"]["/api/v1/phones/"]["get"]["parameters"]

    assert {"cursor", "page_size"} <= {each["name"] for each in listed if "description" in each}


def test_inputs_take_nothing_else(schema):
    inputs = {
        name: each
        for name, each in schema["components"]["schemas"].items()
        if name.endswith("Request") and "properties" in each
    }

    assert len(inputs) > 20
    assert all(each["additionalProperties"] is False for each in inputs.values())


def test_money_is_text_and_days_are_dates(schema):
    installment = schema["components"]["schemas"]["Installment"]["properties"]

    assert installment["balance"]["type"] == "string"
    assert installment["balance"]["examples"] == ["1095.58"]
    assert installment["due_date"]["format"] == "date"


def test_the_description_and_its_page_are_open_to_all(db):
    anybody = Client()

    assert anybody.get("/api/v1/docs/").status_code == 200
    assert anybody.get("/api/v1/schema/").status_code == 200
