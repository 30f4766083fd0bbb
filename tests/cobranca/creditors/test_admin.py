import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cobranca.audit.models import AuditEntry
from cobranca.creditors import services
from cobranca.creditors.models import Branch, ContractType, Creditor, CreditorTypeActivation
from tests.factories import cnpj, make_branch, make_creditor, next_number

pytestmark = pytest.mark.usefixtures("in_scope")
ADD_CREDITOR = reverse("admin:creditors_creditor_add")
ADD_BRANCH = reverse("admin:creditors_branch_add")
IMPORT = reverse("admin:creditors_branch_import")
PROCESS = reverse("admin:creditors_branch_process_import")


def change_page(obj):
    return reverse(f"admin:creditors_{obj._meta.model_name}_change", args=[obj.pk])


def creditor_fields(**fields):
    given = {
        "document": cnpj(next_number()),
        "legal_name": "Empresa Sienge Ltda",
        "creditor_type": "SIENGE",
        "external_code": "999",
        "is_active": "on",
    }
    return {**given, **fields}


# --- creditor types -------------------------------------------------------------------------------


def test_the_type_is_switched_on_and_off(agency, implementer, client_for):
    client = client_for(implementer)

    client.post(reverse("admin:creditors_creditortypeactivation_add"), {"code": "SIENGE"})
    activation = CreditorTypeActivation.objects.get()
    assert activation.agency == agency

    page = reverse("admin:creditors_creditortypeactivation_delete", args=[activation.pk])
    client.post(page, {"post": "yes"})
    assert not CreditorTypeActivation.objects.exists()


@pytest.mark.parametrize("page", ["delete", "changelist"])
def test_a_type_in_use_is_not_switched_off_and_the_page_says_why(
    sienge_creditor, implementer, client_for, page
):
    activation = CreditorTypeActivation.objects.get()
    places = [] if page == "changelist" else [activation.pk]
    address = reverse(f"admin:creditors_creditortypeactivation_{page}", args=places)
    sent = {"post": "yes", "action": "delete_selected", "_selected_action": [activation.pk]}

    answer = client_for(implementer).post(address, sent)

    assert answer.status_code == 302
    (told,) = get_messages(answer.wsgi_request)
    assert "Há credores deste tipo" in told.message
    assert CreditorTypeActivation.objects.exists()


def test_switching_a_type_on_twice_is_refused_at_the_form(sienge, implementer, client_for):
    page = reverse("admin:creditors_creditortypeactivation_add")

    answer = client_for(implementer).post(page, {"code": "SIENGE"})

    assert answer.status_code == 200
    assert CreditorTypeActivation.objects.count() == 1


# --- creditors ------------------------------------------------------------------------------------


def test_a_creditor_is_saved_with_everything_that_comes_with_it(
    agency, sienge, implementer, client_for
):
    client = client_for(implementer)

    answer = client.post(ADD_CREDITOR, creditor_fields(phone="(48) 3027-8000"), follow=True)

    creditor = Creditor.objects.get()
    assert (creditor.agency, creditor.phone) == (agency, "4830278000")
    assert "valide-as em Parâmetros" in answer.content.decode()
    assert ContractType.objects.filter(code="CT").exists()
    assert AuditEntry.objects.filter(action="creditor.created", actor=implementer).exists()


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("document", "11.111.111/1111-11", "CPF ou CNPJ inválido"),
        ("postal_code", "99", "CEP inválido"),
        ("phone", "123", "Telefone inválido"),
        ("external_code", "abc", "só números"),
        ("email", "x", "válido"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(sienge, implementer, client_for, field, value, message):
    answer = client_for(implementer).post(ADD_CREDITOR, creditor_fields(**{field: value}))

    assert answer.status_code == 200
    assert message in str(answer.context["adminform"].form.errors[field])


def test_two_creditors_with_one_code_are_refused_at_the_form(
    sienge, new_creditor, implementer, client_for
):
    services.save_creditor(creditor=new_creditor(external_code="999"), actor=implementer)

    answer = client_for(implementer).post(ADD_CREDITOR, creditor_fields(external_code="0999"))

    assert answer.status_code == 200
    assert "com este código" in answer.content.decode()


def test_a_type_that_is_off_is_not_offered(implementer, client_for):
    answer = client_for(implementer).post(ADD_CREDITOR, creditor_fields())

    assert "creditor_type" in answer.context["adminform"].form.errors


def test_a_logo_is_stored_below_its_agency_and_served_to_it_alone(
    sienge, implementer, stranger, client_for, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    png = SimpleUploadedFile("x.png", b"\x89PNG\r\n\x1a\nrest", content_type="image/png")

    client_for(implementer).post(ADD_CREDITOR, creditor_fields(logo=png))

    url = Creditor.objects.get().logo.url
    served = client_for(implementer).get(url)
    assert (served.status_code, served["Content-Type"]) == (200, "image/png")
    assert client_for(stranger).get(url).status_code == 404


def test_a_folder_is_no_logo(agency, implementer, client_for, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "logos" / str(agency.pk)).mkdir(parents=True)

    answer = client_for(implementer).get(f"/media/logos/{agency.pk}/..")

    assert answer.status_code == 404


def test_a_filter_that_no_column_can_hold_is_refused(implementer, client_for):
    page = reverse("admin:creditors_creditor_changelist")

    assert client_for(implementer).get(page, {"creditor_type": "\0"}).status_code == 400


def test_a_version_is_brought_back(sienge_creditor, implementer, client_for):
    first = sienge_creditor.history.get()
    sienge_creditor.legal_name = "Outro nome"
    services.save_creditor(creditor=sienge_creditor, actor=implementer)
    client = client_for(implementer)
    history = reverse("admin:creditors_creditor_history", args=[sienge_creditor.pk])
    version = reverse(
        "admin:creditors_creditor_simple_history", args=[sienge_creditor.pk, first.history_id]
    )

    assert client.get(history).status_code == 200
    assert client.get(version).status_code == 200
    client.post(
        version,
        creditor_fields(
            document=first.document,
            legal_name=first.legal_name,
            external_code=first.external_code,
        ),
    )

    sienge_creditor.refresh_from_db()
    assert sienge_creditor.legal_name == first.legal_name


# --- branches -------------------------------------------------------------------------------------


def test_a_branch_is_saved_and_offers_only_the_agencys_creditors(
    sienge_creditor, other_agency, implementer, client_for
):
    foreign = make_creditor(other_agency, legal_name="De Outra Assessoria")
    client = client_for(implementer)

    page = client.get(ADD_BRANCH).content.decode()
    refused = client.post(ADD_BRANCH, {"creditor": foreign.pk, "code": "1", "name": "Torre"})
    client.post(ADD_BRANCH, {"creditor": sienge_creditor.pk, "code": "0012", "name": "Torre"})

    assert "De Outra Assessoria" not in page
    assert "creditor" in refused.context["adminform"].form.errors
    assert Branch.objects.get().code == "12"


def test_deleting_a_branch_leaves_a_trail(sienge_creditor, implementer, client_for):
    branch = make_branch(sienge_creditor)
    page = reverse("admin:creditors_branch_delete", args=[branch.pk])

    client_for(implementer).post(page, {"post": "yes"})

    assert not Branch.objects.exists()
    assert AuditEntry.objects.filter(action="branch.deleted").exists()


def import_table(client, text):
    """Send a table and return the answer of the preview."""
    file = SimpleUploadedFile("filiais.csv", text.encode(), content_type="text/csv")
    return client.post(IMPORT, {"format": "0", "import_file": file})


def test_branches_come_in_from_a_table_after_a_preview(sienge_creditor, implementer, client_for):
    client = client_for(implementer)
    code = sienge_creditor.external_code
    table = (
        f"Código do credor,Código,Nome,Sigla,CNPJ\n{code},0012,Torre A,TA,\n{code},13,Torre B,,\n"
    )

    preview = import_table(client, table)
    assert not Branch.objects.exists()

    form = preview.context["confirm_form"].initial
    client.post(PROCESS, {k: v for k, v in form.items() if v is not None})
    assert sorted(Branch.objects.values_list("code", "name")) == [
        ("12", "Torre A"),
        ("13", "Torre B"),
    ]
    assert AuditEntry.objects.filter(action="branch.created", actor=implementer).count() == 2


def test_a_table_confirmed_twice_comes_in_once(sienge_creditor, implementer, client_for):
    client = client_for(implementer)
    table = f"Código do credor,Código,Nome\n{sienge_creditor.external_code},12,Torre A\n"
    form = import_table(client, table).context["confirm_form"].initial
    sent = {k: v for k, v in form.items() if v is not None}
    client.post(PROCESS, sent)

    again = client.post(PROCESS, sent)

    assert again.status_code == 302
    assert Branch.objects.count() == 1


def test_a_line_at_fault_is_shown_in_the_preview(sienge_creditor, implementer, client_for):
    table = "Código do credor,Código,Nome,Sigla,CNPJ\n404404,1,Torre A,,\n"

    preview = import_table(client_for(implementer), table)

    assert "Credor não encontrado" in preview.content.decode()
    assert "confirm_form" not in preview.context


def test_branches_go_out_as_a_table(sienge_creditor, other_agency, implementer, client_for):
    make_branch(sienge_creditor, code="12", name="Torre A")
    make_branch(make_creditor(other_agency), code="99", name="Alheia")
    page = reverse("admin:creditors_branch_export")
    fields = ("creditor", "code", "name", "acronym", "document")
    sent = {"format": "0", "resource": "", **{f"branchresource_{name}": "on" for name in fields}}

    answer = client_for(implementer).post(page, sent)

    text = answer.content.decode()
    assert "Torre A" in text
    assert "Alheia" not in text


def test_a_formula_goes_out_as_text_and_comes_in_as_it_was(
    sienge_creditor, implementer, client_for
):
    branch = make_branch(sienge_creditor, code="12", name='=HYPERLINK("http://x")')
    client = client_for(implementer)
    fields = ("creditor", "code", "name", "acronym", "document")
    sent = {"format": "0", "resource": "", **{f"branchresource_{name}": "on" for name in fields}}
    page = reverse("admin:creditors_branch_export")

    table = client.post(page, sent).content.decode()

    assert "'=HYPERLINK" in table
    form = import_table(client, table).context["confirm_form"].initial
    client.post(PROCESS, {k: v for k, v in form.items() if v is not None})
    branch.refresh_from_db()
    assert branch.name == '=HYPERLINK("http://x")'


# --- contract types -------------------------------------------------------------------------------


def test_a_contract_type_is_saved_with_its_attributes(agency, implementer, client_for):
    sent = {
        "code": "lote",
        "name": "Venda de lote",
        "creditor_type": "",
        "attributes-TOTAL_FORMS": "1",
        "attributes-INITIAL_FORMS": "0",
        "attributes-0-key": "block",
        "attributes-0-label": "Quadra",
        "attributes-0-is_key": "on",
        "attributes-0-position": "1",
    }

    client_for(implementer).post(reverse("admin:creditors_contracttype_add"), sent)

    contract_type = ContractType.objects.get()
    assert (contract_type.agency, contract_type.code) == (agency, "LOTE")
    attribute = contract_type.attributes.get()
    assert (attribute.agency, attribute.label, attribute.is_key) == (agency, "Quadra", True)


def test_the_validated_mark_is_given_from_the_list(sienge_creditor, implementer, client_for):
    page = reverse("admin:creditors_contracttype_changelist")
    contract_type = ContractType.objects.get()

    client_for(implementer).post(
        page, {"action": "confirm", "_selected_action": [contract_type.pk]}
    )

    assert ContractType.objects.get().is_validated


# --- who may --------------------------------------------------------------------------------------


def pages_of(*objects):
    for obj in objects:
        yield change_page(obj)
        yield reverse(f"admin:creditors_{obj._meta.model_name}_delete", args=[obj.pk])
        yield reverse(f"admin:creditors_{obj._meta.model_name}_history", args=[obj.pk])


def test_what_is_another_agencys_is_not_found(sienge_creditor, stranger, client_for):
    branch = make_branch(sienge_creditor)
    version = reverse(
        "admin:creditors_creditor_simple_history",
        args=[sienge_creditor.pk, sienge_creditor.history.get().history_id],
    )
    client = client_for(stranger)

    for page in [*pages_of(sienge_creditor, branch, ContractType.objects.get()), version]:
        assert client.get(page).status_code == 404, page


def test_a_supervisor_reads_and_does_not_change(sienge_creditor, supervisor, client_for):
    client = client_for(supervisor)

    assert client.get(change_page(sienge_creditor)).status_code == 200
    assert client.post(change_page(sienge_creditor), creditor_fields()).status_code == 403
    assert client.get(IMPORT).status_code == 403


def test_an_operator_without_agency_sees_no_agencys_tables(sienge_creditor, admin_client):
    page = reverse("admin:creditors_creditor_changelist")

    assert admin_client.get(page).status_code == 403
    assert admin_client.get(reverse("admin:index")).status_code == 200
