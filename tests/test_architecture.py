"""House rules that no tool checks (style.md, architecture.md), each with its reason."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model
from django.utils.text import camel_case_to_spaces
from django_scopes.exceptions import ScopeError

ROOT = Path(__file__).resolve().parent.parent
OURS = ("cobranca", "integrations")
CONNECTORS = sorted(path.parent.name for path in ROOT.glob("integrations/*/connector.py")
                    if path.parent.name != "core")  # fmt: skip


def sources(*parts: str) -> Iterator[tuple[Path, ast.Module]]:
    """Yield our files; simulators and the demonstration stand outside the product."""
    for part in parts or OURS:
        for path in sorted((ROOT / part).rglob("*.py")):
            if not {"migrations", "sandbox", "demo"} & set(path.parts):
                yield path.relative_to(ROOT), ast.parse(path.read_text())


def called(node: ast.AST) -> str:
    """Return the dotted name a call spells, "" for anything else."""
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


# --- states ---------------------------------------------------------------------------------------

WRITERS = {"services.py", "services", "moves.py", "moves", "mirror", "runs"}
SQL_STATUS = re.compile(r"\bSET\b[^;]*\bstatus\s*=", re.IGNORECASE)


def writes_a_status(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign):
        is_of_http = ast.unparse(node.value).endswith(".status_code")
        named = any(isinstance(t, ast.Attribute) and t.attr == "status" for t in node.targets)
        return named and not is_of_http
    if isinstance(node, ast.Call) and called(node).endswith(".update"):
        return any(keyword.arg == "status" for keyword in node.keywords)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return bool(SQL_STATUS.search(node.value))
    return False


def test_only_services_and_the_mirror_write_a_status():
    """Whoever changes a state locks, checks the table of moves, writes the event and the trail."""
    offenders = [
        f"{path}:{node.lineno}"
        for path, tree in sources()
        if not WRITERS & set(path.parts)
        for node in ast.walk(tree)
        if writes_a_status(node)
    ]

    assert offenders == []


# --- connectors -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CONNECTORS)
def test_every_connector_is_documented_simulated_and_tested(name):
    folder, tests = ROOT / "integrations" / name, ROOT / "tests" / "integrations" / name

    for file in ("README.md", "MAPPING.md", "mapper.py", "parameters.py"):
        assert (folder / file).exists(), file
    assert (folder / "client.py").exists() or (folder / "client").is_dir()
    assert (folder / "sandbox").is_dir()
    assert (tests / "test_connector.py").exists()
    assert (tests / "test_mapper.py").exists()


def test_connectors_have_no_tables_of_their_own():
    """A connector translates; what it reads is kept by the domain, what it does by the core."""
    models = [ROOT / "integrations" / name / "models.py" for name in CONNECTORS]

    assert not [path for path in models if path.exists()]


# --- money ----------------------------------------------------------------------------------------


def test_no_float_where_money_is_computed_or_translated():
    """A float has lost its centavos before anybody rounds it."""
    offenders = [
        f"{path}:{node.lineno}"
        for path, tree in sources()
        if path.is_relative_to("cobranca/calc")
        or path.name in ("mapper.py", "records.py", "jsontext.py")
        for node in ast.walk(tree)
        if called(node) == "float"
        or (isinstance(node, ast.Constant) and isinstance(node.value, float))
    ]

    assert offenders == []


# --- time -----------------------------------------------------------------------------------------

CLOCK = "cobranca/common/clock.py"
OTHER_CLOCKS = re.compile(r"(timezone\.(now|localdate)|date\.today|datetime\.(utc)?now)$")
# Who stands at the edge of the product, by file or folder; below them the day is an argument.
EDGES = {
    "views",
    "tasks",
    "admin",
    "api",
    "commands",
    "middleware",
    "health",
    "downloads",
    "templatetags",
    "store",  # of sessions, found while they last
    "onboarding",  # what is done or missing now, asked by one page
}


def is_edge(path: Path) -> bool:
    """Tell whether a file is named as one: views, views_x, x_views."""
    words = {word for part in path.parts for word in _ends(part.removesuffix(".py").split("_"))}
    return bool(words & set(EDGES))


def _ends(words: list[str]) -> set[str]:
    return {words[0], words[-1]}


def test_there_is_one_clock():
    """With one clock the whole product can be run on another day."""
    offenders = [
        f"{path}:{node.lineno} {called(node)}"
        for path, tree in sources()
        if str(path) != CLOCK
        for node in ast.walk(tree)
        if OTHER_CLOCKS.search(called(node))
    ]

    assert offenders == []


def test_the_clock_is_read_only_at_the_edges():
    """Below views, tasks, commands and admin the day is the argument `on` (or `at`)."""
    offenders = [
        f"{path}:{node.lineno} {called(node)}"
        for path, tree in sources()
        if str(path) != CLOCK and not is_edge(path)
        for node in ast.walk(tree)
        if re.search(r"\bclock\.(now|today)$", called(node))
    ]

    assert offenders == []


# --- tenancy --------------------------------------------------------------------------------------

# Users and agencies are looked up before anybody is known; history tables are read through their
# scoped parents only (tests/security/test_tenancy.py walks their pages).
# The law of contact is the same for every agency; only operators change it.
UNSCOPED = {"User", "Agency", "ContactRule", "LegalHoliday"}


def our_models() -> list[type[Model]]:
    return [
        model
        for model in apps.get_models()
        if model.__module__.startswith(OURS) and not model.__name__.startswith("Historical")
    ]


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model.__name__)
def test_every_table_belongs_to_an_agency_and_is_scoped(model):
    if model.__name__ in UNSCOPED:
        return
    agency = model._meta.get_field("agency")

    assert not agency.null
    with pytest.raises(ScopeError):
        model.objects.count()


def test_scopes_are_lifted_only_in_named_places():
    """Each place that looks over all agencies was thought about; a new one has to be as well."""
    found = {
        str(path)
        for path, tree in sources()
        for node in ast.walk(tree)
        if called(node) == "scopes_disabled"
    }

    assert found <= SCOPELESS, found - SCOPELESS


SCOPELESS = {
    "cobranca/outbox/selectors.py",  # the sweeper, and whose a delivery is when only its id is told
    "cobranca/scheduling/selectors.py",  # the sweeper, and whose a run is when only its id is told
    "cobranca/scheduling/installation.py",  # bells of every agency's tasks, hung at start-up
    "integrations/core/health.py",  # ages and counts of all agencies, without names
    "integrations/core/inbox/selectors.py",  # the sweeper: agencies with something to process
    "integrations/core/tasks_webhooks.py",  # the sweeper: agencies that subscribed to something
    "integrations/core/tasks.py",  # whose a run is when only its id is told; all agencies' old logs
    "cobranca/accounts/console.py",  # whose a row is when a command tells only its id
    "cobranca/debtors/tasks.py",  # all agencies' old readings
    "cobranca/contracts/tasks.py",  # whose a debtor is when only its id is told; the sweeper
    "cobranca/campaigns/management/commands/quote_portfolio.py",  # the agency is the creditor's
    "integrations/core/management/commands/webhooks.py",  # the agency is the creditor's
    "integrations/core/management/commands/call_budget.py",
    "integrations/core/management/commands/check_connection.py",  # the agency is the creditor's
    "integrations/core/management/commands/import_portfolio.py",  # the agency is the creditor's
}


# --- language -------------------------------------------------------------------------------------

# Portuguese and English spell these alike.
SAME_WORD = {"status", "layout", "logo", "id", "url", "local", "total", "supervisor"}


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model.__name__)
def test_screens_call_tables_and_fields_by_portuguese_names(model):
    defaults = [
        field.name
        for field in model._meta.fields
        if field.editable
        and not field.primary_key
        and field.verbose_name == field.name.replace("_", " ")
        and field.name not in SAME_WORD
    ]

    assert defaults == []
    assert model._meta.verbose_name != camel_case_to_spaces(model.__name__) or (
        str(model._meta.verbose_name) in SAME_WORD
    )


# --- templates and suppressions -------------------------------------------------------------------


@pytest.mark.parametrize("part", ["cobranca", "templates", "integrations"])
def test_templates_hold_nothing_the_content_policy_would_block(part):
    inline = re.compile(r"<script(?![^>]*\b(src|nonce|type=\"application/json\"))[^>]*>"
                        r"|\sstyle=|\son(click|change|submit|load|input)=|<style")  # fmt: skip
    offenders = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / part).rglob("*.html"))
        if "emails" not in path.parts and "admin" not in path.parts
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if inline.search(line)
    ]

    assert offenders == []


EXPLAINED = re.compile(r"#\s*noqa:\s*[A-Z0-9, ]*\b(BLE|S608|C901|PLR09)\w*(?P<why>.*)$")


def test_switching_a_safety_rule_off_says_why():
    """`except Exception`, SQL built from strings and oversized functions need a reason."""
    offenders = [
        f"{path}:{number}"
        for path, _ in sources()
        for number, line in enumerate((ROOT / path).read_text().splitlines(), start=1)
        if (found := EXPLAINED.search(line)) and not found["why"].strip(" ,#-")
    ]

    assert offenders == []


def test_migrations_are_named():
    unnamed = [path.name for part in OURS for path in (ROOT / part).rglob("migrations/*_auto_*.py")]

    assert unnamed == []
