import pytest

from tests.api import refusal, results

AGENCIES = "/api/v1/agencies/"


@pytest.mark.parametrize("role", ["implementer", "supervisor", "collector", "auditor"])
def test_everyone_reads_their_own_agency_and_no_other(api_for, agency, other_agency, role, request):
    api = api_for(request.getfixturevalue(role))

    assert [row["name"] for row in results(api, AGENCIES)] == [agency.name]
    assert api.get(f"{AGENCIES}{agency.pk}/").json()["id"] == agency.pk
    refusal(api.get(f"{AGENCIES}{other_agency.pk}/"), 404)


def test_an_agency_is_only_read(api_for, implementer, agency):
    refusal(api_for(implementer).patch(f"{AGENCIES}{agency.pk}/", {"name": "Outra"}), 405)
