"""The negative control of test_tenancy.py: views that trespass, and that it must catch."""

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.test import Client
from django.urls import path
from django_scopes import scopes_disabled

from cobranca.contracts.models import Contract
from cobranca.creditors.models import Branch
from cobranca.debtors.models import Debtor
from tests.security.planting import tenant_models
from tests.security.test_tenancy import Trespass, world  # noqa: F401  (a fixture)
from tests.security.walking import UnknownArgument, leads_to_a_row, rooms, urls_for


@scopes_disabled()
def shows_everybody(request: HttpRequest) -> HttpResponse:
    return HttpResponse("".join(debtor.name for debtor in Debtor.objects.all()))


@scopes_disabled()
def exports_everybody(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse([debtor.name.encode() for debtor in list(Debtor.objects.all())])


@scopes_disabled()
def formats_a_document(request: HttpRequest) -> HttpResponse:
    digits = Debtor.objects.order_by("pk")[0].document
    return HttpResponse(f"{digits[:3]}.{digits[3:6]}.{digits[6:9]}-{digits[9:]}")


@scopes_disabled()
def opens_any_row(request: HttpRequest, debtor_id: int) -> HttpResponse:
    get_object_or_404(Debtor, pk=debtor_id)
    return HttpResponse("existe")


@scopes_disabled()
def changes_any_row(request: HttpRequest) -> HttpResponse:
    Debtor.objects.filter(pk=request.POST.get("debtor")).update(social_name="mudado")
    return HttpResponse("")


@scopes_disabled()
def ties_a_branch(request: HttpRequest) -> HttpResponse:
    """Put the caller's branch under whatever creditor the form names."""
    creditor = request.POST.get("creditor")
    Branch.objects.filter(agency=request.user.agency).update(creditor=creditor)
    return HttpResponse("")


@scopes_disabled()
def ties_a_contract(request: HttpRequest) -> HttpResponse:
    """Put the caller's contract under whatever debtor the form names."""
    debtor = request.POST.get("debtor")
    Contract.objects.filter(agency=request.user.agency).update(debtor=debtor)
    return HttpResponse("")


def nothing(request: HttpRequest, mystery: int) -> HttpResponse:
    return HttpResponse("")


urlpatterns = [
    path("everybody", shows_everybody, name="shows_everybody"),
    path("export", exports_everybody, name="exports_everybody"),
    path("document", formats_a_document, name="formats_a_document"),
    path("row/<int:debtor_id>", opens_any_row, name="opens_any_row"),
    path("change", changes_any_row, name="changes_any_row"),
    path("branch", ties_a_branch, name="ties_a_branch"),
    path("contract", ties_a_contract, name="ties_a_contract"),
    path("mystery/<int:mystery>", nothing, name="mystery"),
]


@pytest.fixture
def trespass(world, settings):  # noqa: F811  (the fixture of that name)
    settings.ROOT_URLCONF = __name__
    return Trespass(world)


def signed_in(trespass: Trespass) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(trespass.world.stranger)
    return client


@pytest.mark.parametrize("url", ["/everybody", "/export", "/document"])
def test_what_is_shown_of_another_agency_is_found(trespass, url):
    trespass.attempt(signed_in(trespass), "GET", url)

    assert f"GET {url} (200) shows" in trespass.findings[0]


def test_a_changed_row_of_another_agency_is_found(trespass):
    trespass.attempt(signed_in(trespass), "POST", "/change")

    assert trespass.findings == ["POST /change changes another agency's rows"]


def test_a_row_tied_to_another_agency_is_found(trespass):
    trespass.attempt(signed_in(trespass), "POST", "/branch")

    assert "ties rows across agencies: ['creditors_branch.creditor_id']" in trespass.findings[0]


def test_what_only_the_database_stops_is_found(trespass):
    trespass.attempt(signed_in(trespass), "POST", "/contract")

    assert "POST /contract is stopped only by the database" in trespass.findings[0]


def test_every_attempt_is_undone(trespass):
    client = signed_in(trespass)
    trespass.attempt(client, "POST", "/change")
    trespass.findings.clear()

    trespass.attempt(client, "GET", "/change")

    assert trespass.findings == []


def test_an_open_row_is_told_by_its_status(trespass):
    address = next(a for found in rooms().values() for a in found if a.name == "opens_any_row")
    with scopes_disabled():
        (url,) = urls_for(address, trespass.world.garden)

    assert leads_to_a_row(address)
    assert trespass.attempt(signed_in(trespass), "GET", url) == 200


def test_an_unknown_kind_of_argument_stops_the_walk(trespass):
    address = next(a for found in rooms().values() for a in found if a.name == "mystery")

    with pytest.raises(UnknownArgument, match="what is mystery"):
        urls_for(address, trespass.world.garden)


def test_a_row_is_planted_in_every_table(trespass):
    assert set(tenant_models()) <= set(trespass.world.garden.rows)
