from urllib.parse import urlencode

import pytest
from django.urls import reverse

from cobranca.common.errors import DomainError
from cobranca.creditors import choices, selectors, services
from cobranca.creditors import standard_parameters as standard
from integrations.sienge import parameters as sienge
from tests.factories import make_creditor

pytestmark = pytest.mark.usefixtures("in_scope")
GENERAL = reverse("creditors:parameters")
CREDITOR = reverse("creditors:creditor_parameters")
HTMX = {"HX-Request": "true"}


def value_of_page(parameter, creditor=None, **more):
    query = {"secao": parameter.section, "chave": parameter.key, **more}
    if creditor:
        query["credor"] = creditor.pk
    return f"{reverse('creditors:parameter_value')}?{urlencode(query)}"


def test_a_section_shows_values_vazio_and_the_default_that_applies(agency, implementer, client_for):
    services.set_parameter(sienge.USER, "obra-api", agency=agency, actor=implementer)

    page = client_for(implementer).get(GENERAL, {"secao": sienge.SECTION}).content.decode()

    assert "obra-api" in page
    assert "Sincronizar dados ao abrir Telecobrança" in page
    assert "Vazio" in page
    assert "padrão: Sim" in page


def test_a_section_that_does_not_exist_is_the_first_one(implementer, client_for):
    page = client_for(implementer).get(GENERAL, {"secao": "x"})

    assert page.context["section"] == standard.INTEGRATION_SECTION


def test_both_pages_open_with_the_integration_of_the_creditor(
    sienge_creditor, implementer, client_for
):
    client = client_for(implementer)

    opened = [client.get(page).context["section"] for page in (GENERAL, CREDITOR)]
    chosen = client.get(CREDITOR, {"secao": standard.IMPORT_SECTION}).context["section"]

    assert opened == [sienge.SECTION, sienge.SECTION]
    assert chosen == standard.IMPORT_SECTION


def test_a_creditor_without_an_integration_opens_with_the_first_section(
    agency, sienge_creditor, implementer, client_for
):
    query = {"credor": make_creditor(agency).pk}
    client = client_for(implementer)

    opened = [client.get(page, query).context["section"] for page in (GENERAL, CREDITOR)]

    assert opened == [standard.INTEGRATION_SECTION, standard.CREDITOR_SECTION]


def test_the_general_page_is_told_which_creditor_was_looked_at(
    sienge_creditor, implementer, client_for
):
    page = client_for(implementer).get(CREDITOR)

    assert f'href="{GENERAL}?credor={sienge_creditor.pk}"' in page.content.decode()


def test_a_value_is_edited_in_place(agency, implementer, client_for):
    client = client_for(implementer)

    form = client.get(value_of_page(sienge.SYNC_ON_OPEN, editar=1), headers=HTMX)
    line = client.post(value_of_page(sienge.SYNC_ON_OPEN), {"value": "n"}, headers=HTMX)

    assert 'name="value"' in form.content.decode()
    assert "Não" in line.content.decode()
    assert 'name="value"' not in line.content.decode()
    assert selectors.value_of(sienge.SYNC_ON_OPEN, agency=agency) is False


def test_a_wrong_value_stays_typed_with_the_expected_format_beside_it(implementer, client_for):
    answer = client_for(implementer).post(
        value_of_page(sienge.SYNC_ON_OPEN), {"value": "talvez"}, headers=HTMX
    )

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "talvez" in page
    assert "Informe Sim ou Não" in page


def test_without_scripts_the_page_answers_too(agency, implementer, client_for):
    client = client_for(implementer)

    saved = client.post(value_of_page(sienge.SYNC_ON_OPEN), {"value": "N"})
    wrong = client.post(value_of_page(sienge.SYNC_ON_OPEN), {"value": "x"}, follow=True)

    assert saved.status_code == 302
    assert "Informe Sim ou Não" in wrong.content.decode()
    assert 'name="value"' in wrong.content.decode()


def test_emptying_a_value(agency, implementer, client_for):
    services.set_parameter(sienge.PASSWORD, "segredo1", agency=agency, actor=implementer)

    client_for(implementer).post(
        value_of_page(sienge.PASSWORD), {"value": "", "limpar": "1"}, headers=HTMX
    )

    assert selectors.value_of(sienge.PASSWORD, agency=agency) == ""


def test_a_secret_is_never_rendered_back(agency, implementer, client_for):
    services.set_parameter(sienge.PASSWORD, "segredo-guardado", agency=agency, actor=implementer)
    client = client_for(implementer)

    pages = [
        client.get(GENERAL, {"secao": sienge.SECTION, "editar": "password"}),
        client.get(value_of_page(sienge.PASSWORD, editar=1), headers=HTMX),
        client.get(value_of_page(sienge.PASSWORD), headers=HTMX),
        client.post(value_of_page(sienge.PASSWORD), {"value": "linha\nquebrada"}, headers=HTMX),
    ]

    for page in pages:
        assert "segredo-guardado" not in page.content.decode()
        assert "quebrada" not in page.content.decode()


def test_the_parameters_of_a_creditor(agency, sienge_creditor, implementer, client_for):
    client = client_for(implementer)
    query = {"credor": sienge_creditor.pk, "secao": standard.IMPORT_SECTION}

    page = client.get(CREDITOR, query).content.decode()
    client.post(value_of_page(standard.RECALL_LIMIT_PERCENT, sienge_creditor), {"value": "12"})

    assert "A validar" in page
    assert "Limite de devoluções por batimento (%)" in page
    limit = selectors.value_of(
        standard.RECALL_LIMIT_PERCENT, agency=agency, creditor=sienge_creditor
    )
    assert limit == 12


def test_confirming_the_settings_of_a_section(sienge_creditor, implementer, client_for):
    page = reverse("creditors:confirm_settings", args=[sienge_creditor.pk])

    answer = client_for(implementer).post(page, {"secao": standard.BOLETO_SECTION}, follow=True)

    assert "A validar" not in answer.content.decode()
    assert standard.BOLETO_SECTION not in selectors.waiting_by_section(sienge_creditor)


def test_an_agency_without_creditors_is_told_so(implementer, client_for):
    assert "Nenhum credor" in client_for(implementer).get(CREDITOR).content.decode()


# --- choosing from the ERP ------------------------------------------------------------------------


@pytest.fixture
def erp_lists(monkeypatch):
    """Stand in for the hook that the integrations fill."""
    monkeypatch.setattr(choices, "_PROVIDERS", dict(choices._PROVIDERS))
    asked = []

    def provide(agency, name):
        asked.append((agency, name))
        return [("TC", "Termo"), ("FAT", "Fatura"), ("NF", "Nota fiscal")]

    choices.register(sienge.SECTION, provide)
    return asked


def choices_page(parameter):
    query = {"secao": parameter.section, "chave": parameter.key}
    return f"{reverse('creditors:parameter_choices')}?{urlencode(query)}"


def test_the_list_of_the_erp_is_offered_with_what_was_chosen(
    agency, implementer, client_for, erp_lists
):
    services.set_parameter(sienge.IGNORED_DOCUMENTS, "FAT", agency=agency, actor=implementer)
    client = client_for(implementer)

    form = client.get(value_of_page(sienge.IGNORED_DOCUMENTS, editar=1)).content.decode()
    page = client.get(choices_page(sienge.IGNORED_DOCUMENTS)).content.decode()

    assert "Escolher" in form
    assert "Nota fiscal" in page
    assert page.count("checked") == 1
    assert erp_lists == [(agency, "document_types")]


def test_ticked_codes_join_the_typed_ones(agency, implementer, client_for, erp_lists):
    sent = {
        "value": "XX;FAT",
        "oferecido": ["TC", "FAT", "NF"],
        "escolha": ["TC", "NF"],
    }

    client_for(implementer).post(value_of_page(sienge.IGNORED_DOCUMENTS), sent, headers=HTMX)

    found = selectors.value_of(sienge.IGNORED_DOCUMENTS, agency=agency)
    assert found == ("XX", "TC", "NF")


def test_typing_works_when_the_erp_does_not_answer(implementer, client_for, monkeypatch):
    def fail(agency, name):
        raise DomainError("O Sienge não respondeu.")

    monkeypatch.setattr(choices, "_PROVIDERS", {sienge.SECTION: fail})

    page = client_for(implementer).get(choices_page(sienge.IGNORED_DOCUMENTS)).content.decode()

    assert "O Sienge não respondeu." in page
    assert "digitar" in page


# --- who may --------------------------------------------------------------------------------------


def test_a_supervisor_reads_and_does_not_change(supervisor, client_for):
    client = client_for(supervisor)

    page = client.get(GENERAL, {"secao": sienge.SECTION})
    change = client.post(value_of_page(sienge.SYNC_ON_OPEN), {"value": "n"})

    assert page.status_code == 200
    assert "editar=1" not in page.content.decode()
    assert change.status_code == 403


def test_a_collector_does_not_enter(collector, client_for):
    assert client_for(collector).get(GENERAL).status_code == 403
    assert client_for(collector).get(CREDITOR).status_code == 403


def test_whoever_is_not_signed_in_is_sent_to_sign_in(client):
    answer = client.get(GENERAL)

    assert answer.status_code == 302
    assert "next=" in answer["Location"]


def test_another_agencys_creditor_is_not_found(sienge_creditor, stranger, client_for):
    client = client_for(stranger)
    confirm = reverse("creditors:confirm_settings", args=[sienge_creditor.pk])

    assert client.get(CREDITOR, {"credor": sienge_creditor.pk}).status_code == 404
    assert client.get(GENERAL, {"credor": sienge_creditor.pk}).status_code == 404
    page = value_of_page(standard.RECALL_LIMIT_PERCENT, sienge_creditor)
    assert client.get(page).status_code == 404
    assert client.post(page, {"value": "1"}).status_code == 404
    assert client.post(confirm, {"secao": "Importação Padrão"}).status_code == 404


@pytest.mark.parametrize(
    "query", ["", "?secao=x&chave=y", "?secao=Importa%C3%A7%C3%A3o+Padr%C3%A3o"]
)
def test_a_parameter_that_does_not_exist_is_not_found(implementer, client_for, query):
    page = reverse("creditors:parameter_value") + query

    assert client_for(implementer).get(page).status_code == 404
