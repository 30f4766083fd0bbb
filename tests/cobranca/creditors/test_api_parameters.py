import pytest

from cobranca.audit.models import AuditEntry
from cobranca.creditors import standard_parameters as standard
from cobranca.creditors.models import ParameterValue
from cobranca.creditors.selectors import value_of
from integrations.sienge import parameters as sienge_parameters
from tests import factories
from tests.api import errors, queries, refusal, results

PARAMETERS = "/api/v1/parameters/"
YES_NO = standard.REOPEN_RECALLED


@pytest.fixture
def api(api_for, implementer):
    return api_for(implementer)


@pytest.fixture
def reader(api_for, auditor):
    return api_for(auditor)


def put(api, parameter, value, creditor=None):
    sent = {"scope": parameter.scope, "section": parameter.section, "key": parameter.key,
            "value": value}  # fmt: skip
    return api.put(PARAMETERS, sent | ({"creditor": creditor.pk} if creditor else {}))


def line_of(api, parameter, creditor=None):
    asked = {"section": parameter.section, "key": parameter.key, "scope": parameter.scope}
    [line] = results(api, PARAMETERS, **asked, **({"creditor": creditor.pk} if creditor else {}))
    return line


def test_a_parameter_says_what_it_is_and_what_applies_while_it_is_unset(api, sienge_creditor):
    ParameterValue._base_manager.all().delete()

    line = line_of(api, YES_NO, sienge_creditor)

    assert line["label"] == YES_NO.label
    assert line["creditor"] == sienge_creditor.pk
    assert line["definition"]["kind"] == "yes_no"
    assert line["definition"]["hint"] == "Sim ou Não"
    assert (line["value"], line["is_set"], line["shown"]) == (None, False, "")
    assert line["default"] in ("S", "N")


@pytest.mark.parametrize(
    ("typed", "value", "shown"),
    [("Sim", "S", "Sim"), ("n", "N", "Não"), (True, "S", "Sim"), (False, "N", "Não")],
)
def test_a_parameter_is_set(api, sienge_creditor, typed, value, shown):
    answer = put(api, YES_NO, typed, sienge_creditor)

    assert answer.status_code == 200
    assert (answer.json()["value"], answer.json()["shown"]) == (value, shown)
    assert answer.json() == line_of(api, YES_NO, sienge_creditor)
    found = value_of(YES_NO, agency=sienge_creditor.agency, creditor=sienge_creditor)
    assert found is (value == "S")


def test_what_is_read_may_be_set_as_it_is(api, sienge_creditor):
    for line in results(api, PARAMETERS, creditor=sienge_creditor.pk, page_size=500):
        if line["is_set"] and not line["definition"]["secret"]:
            sent = {name: line[name] for name in ("scope", "creditor", "section", "key", "value")}
            answer = api.put(PARAMETERS, sent)
            assert answer.json() == line | {"needs_validation": False}


def test_null_unsets_a_parameter(api, sienge_creditor):
    put(api, YES_NO, "Sim", sienge_creditor)

    assert put(api, YES_NO, None, sienge_creditor).json()["is_set"] is False


def test_numbers_and_lists_are_understood(api):
    codes = next(p for p in vars(sienge_parameters).values() if _is_code_list(p))
    whole = standard.LOG_RETENTION_DAYS

    assert put(api, whole, 45).json()["value"] == "45"
    assert put(api, whole, "60").json()["value"] == "60"
    assert put(api, codes, ["fat", "nf"]).json()["value"] == "FAT;NF"


def _is_code_list(parameter):
    return getattr(getattr(parameter, "kind", None), "name", "") == "code_list"


def test_a_value_that_makes_no_sense_is_refused_at_the_value(api, sienge_creditor):
    assert "Sim ou Não" in errors(put(api, YES_NO, "talvez", sienge_creditor))["value"][0]
    assert "inteiro" in errors(put(api, standard.LOG_RETENTION_DAYS, "1,5"))["value"][0]
    assert list(errors(put(api, standard.LOG_RETENTION_DAYS, {"a": 1}))) == ["value"]


def test_a_secret_never_comes_out(api):
    secret = next(p for p in vars(sienge_parameters).values() if getattr(p, "secret", False))

    answer = put(api, secret, "segredo-do-erp")

    assert (answer.json()["value"], answer.json()["is_set"]) == (None, True)
    everything = api.get(PARAMETERS, {"page_size": 500}).content.decode()
    assert "segredo-do-erp" not in answer.content.decode() + everything
    assert "segredo-do-erp" not in str(list(AuditEntry._base_manager.values()))


def test_a_parameter_is_named_rightly_or_refused(api, sienge_creditor, creditor, agency):
    plain = factories.make_creditor(agency)
    general = standard.LOG_RETENTION_DAYS
    of_sienge = [p for p in vars(sienge_parameters).values()
                 if getattr(p, "scope", "") == "creditor" and p.creditor_type]  # fmt: skip
    sent = {"scope": "creditor", "section": YES_NO.section, "key": YES_NO.key, "value": "S"}

    assert list(errors(api.put(PARAMETERS, sent))) == ["creditor"]
    assert list(errors(api.put(PARAMETERS, sent | {"key": "x"}))) == ["key"]
    assert list(errors(api.put(PARAMETERS, sent | {"scope": "general"}))) == ["scope"]
    assert list(errors(put(api, general, "30", creditor))) == ["creditor"]
    assert all(list(errors(put(api, each, None, plain))) == ["key"] for each in of_sienge)


def test_another_agencys_creditor_has_no_parameters_here(api, other_agency):
    theirs = factories.make_creditor(other_agency)

    assert list(errors(put(api, YES_NO, "S", theirs))) == ["creditor"]
    assert list(errors(api.get(PARAMETERS, {"creditor": theirs.pk}))) == ["creditor"]
    assert not ParameterValue._base_manager.exists()


def test_the_list_has_the_general_parameters_and_those_of_each_creditor(api, agency):
    one, two = factories.make_creditor(agency), factories.make_creditor(agency)

    owners = [line["creditor"] for line in results(api, PARAMETERS, page_size=500)]

    assert list(dict.fromkeys(owners)) == [None, one.pk, two.pk]
    assert owners.count(one.pk) == len(results(api, PARAMETERS, creditor=one.pk, page_size=500))
    assert set(owners) - {None} == {
        line["creditor"] for line in results(api, PARAMETERS, scope="creditor", page_size=500)
    }


def test_pages_of_parameters_hold_each_of_them_once(api, creditor):
    whole = results(api, PARAMETERS, page_size=500)

    page, walked = api.get(PARAMETERS, {"page_size": 7}).json(), []
    while True:
        walked += page["results"]
        if page["next"] is None:
            break
        following = api.get(page["next"]).json()
        assert api.get(following["previous"]).json()["results"] == page["results"]
        page = following

    assert walked == whole


def test_who_only_reads_sets_nothing(reader):
    refusal(put(reader, standard.LOG_RETENTION_DAYS, "30"), 403)
    assert results(reader, PARAMETERS)


def test_parameters_take_as_many_queries_for_many_creditors_as_for_one(api, agency):
    address = f"{PARAMETERS}?page_size=500"
    factories.make_creditor(agency)
    before = queries(api, address)
    for _ in range(4):
        factories.make_creditor(agency)

    assert queries(api, address) == before
