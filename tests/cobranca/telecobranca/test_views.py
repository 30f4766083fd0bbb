"""The collector's pages: who sees what, how many queries it costs, what stays in place."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scope

from cobranca.accounts.models import Agency, User
from cobranca.common import clock
from cobranca.contracts.models import Contract, Event, Installment, Payment
from cobranca.contracts.summary import refresh_summaries
from cobranca.creditors.models import Creditor
from cobranca.debtors.models import Debtor, Phone
from integrations.core.models import LoadState
from tests import factories

SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}
# The session, and who that is with agency, roles and permissions, come before any page of ours.
FRAME = 2


def place_after(html: str) -> str:
    """Where the next part begins, as its button asks for it."""
    found = re.search(r"[?&]apos=([^\"&]+)", html)
    return unquote(found[1]) if found else ""


def kinds(html: str) -> list[str]:
    return re.findall(r'class="event-icon (\w+)"', html)


@pytest.fixture
def contract(agency: Agency, creditor: Creditor, debtor: Debtor) -> Contract:
    """A contract of 360 installments, 12 of them late."""
    with scope(agency=agency):
        contract = factories.make_contract(creditor, debtor, number="3712", unit="apto 1204")
        today = clock.today()
        Installment.objects.bulk_create(
            Installment(
                agency=agency,
                contract=contract,
                number=number,
                label=f"{number}/360",
                due_date=today + timedelta(days=30 * (number - 52)),
                principal=Decimal("100.00"),
                balance=Decimal("100.00") if number > 40 else Decimal(0),
                status="open" if number > 40 else "settled",
            )
            for number in range(1, 361)
        )
        Phone.objects.create(agency=agency, debtor=debtor, number="48999112233", is_main=True)
        for number in range(40):
            Event.objects.create(agency=agency, debtor=debtor, kind="note", text=f"Nota {number}")
        LoadState.objects.create(
            agency=agency, creditor=creditor, loaded_until=clock.now() - timedelta(hours=2)
        )
        refresh_summaries([debtor.pk])
    return contract


def page_of(debtor: Debtor) -> str:
    return reverse("telecobranca:debtor", args=[debtor.pk])


def test_the_debtor_page_costs_the_same_for_any_debtor(
    client_for: SignIn, collector: User, contract: Contract, debtor: Debtor
) -> None:
    client = client_for(collector)
    client.get(page_of(debtor))

    with CaptureQueriesContext(connection) as queries:
        response = client.get(page_of(debtor))

    assert response.status_code == 200
    # The page's six, and the one that writes down who read it.
    assert len(queries) <= FRAME + 7, [query["sql"][:200] for query in queries]


def test_a_debtor_without_totals_yet_opens(
    client_for: SignIn, collector: User, agency: Agency
) -> None:
    debtor = Debtor._base_manager.create(agency=agency, name="Recém chegada")

    response = client_for(collector).get(reverse("telecobranca:debtor", args=[debtor.pk]))

    assert response.status_code == 200
    assert "Recém chegada" in response.content.decode()


def test_a_long_contract_shows_what_is_due_and_offers_the_rest(
    client_for: SignIn, collector: User, contract: Contract, debtor: Debtor
) -> None:
    client = client_for(collector)

    html = client.get(page_of(debtor)).content.decode()

    assert html.count("data-row") == 13  # twelve late or due today, one within the horizon
    assert "Mostrar 307 parcelas a vencer" in html
    assert "Mostrar 40 parcelas pagas" in html
    assert "R$ 32.000,00" in html


@pytest.mark.parametrize(("part", "rows"), [("futuras", 60), ("encerradas", 40)])
def test_the_rest_of_a_contract_comes_on_demand(
    client_for: SignIn, collector: User, contract: Contract, part: str, rows: int
) -> None:
    client = client_for(collector)
    address = reverse("telecobranca:installments", args=[contract.pk, part])

    with CaptureQueriesContext(connection) as queries:
        html = client.get(address, headers=HTMX).content.decode()

    assert html.count("data-row") == rows
    assert ("Mostrar mais" in html) == (rows == 60)
    assert len(queries) <= FRAME + 2


def test_parts_continue_where_they_ended(
    client_for: SignIn, collector: User, contract: Contract
) -> None:
    client = client_for(collector)
    address = reverse("telecobranca:installments", args=[contract.pk, "futuras"])
    seen = 0
    after = ""
    for _ in range(6):
        html = client.get(address, {"apos": after}).content.decode()
        seen += html.count("data-row")
        after = place_after(html)
        if not after:
            break

    assert seen == 307


def test_the_search_page_costs_one_query_of_its_own(
    client_for: SignIn, collector: User, contract: Contract, debtor: Debtor
) -> None:
    client = client_for(collector)
    address = reverse("telecobranca:search")

    with CaptureQueriesContext(connection) as queries:
        html = client.get(address, {"q": debtor.name}).content.decode()

    assert debtor.name in html
    assert len(queries) == FRAME + 1


def test_htmx_gets_only_the_lines(
    client_for: SignIn, collector: User, contract: Contract, debtor: Debtor
) -> None:
    client = client_for(collector)

    lines = client.get(reverse("telecobranca:search"), {"q": debtor.name}, headers=HTMX)
    quick = client.get(reverse("telecobranca:quick_search"), {"q": "3712"}, headers=HTMX)
    figures = client.get(reverse("telecobranca:portfolio"), headers=HTMX)

    assert "<html" not in lines.content.decode()
    assert debtor.name in quick.content.decode()
    assert "R$ 32.000,00" in figures.content.decode()


def test_one_letter_is_not_yet_a_search(client_for: SignIn, collector: User) -> None:
    response = client_for(collector).get(reverse("telecobranca:quick_search"), {"q": "a"})

    assert response.content.decode().strip() == ""


def test_another_agencys_debtor_does_not_exist(
    client_for: SignIn, stranger: User, contract: Contract, debtor: Debtor
) -> None:
    client = client_for(stranger)
    phone = Phone._base_manager.get(debtor=debtor)
    addresses = [
        page_of(debtor),
        reverse("telecobranca:timeline", args=[debtor.pk]),
        reverse("telecobranca:details", args=[debtor.pk]),
        reverse("telecobranca:contacts", args=[debtor.pk, "telefones"]),
        reverse("telecobranca:installments", args=[contract.pk, "futuras"]),
        reverse("telecobranca:installment", args=[contract.pk, 1]),
        reverse("telecobranca:change_contact", args=["telefones", phone.pk]),
    ]

    assert {client.get(address).status_code for address in addresses} == {404}


def test_a_part_or_kind_nobody_knows_does_not_exist(
    client_for: SignIn, collector: User, contract: Contract, debtor: Debtor
) -> None:
    client = client_for(collector)

    assert client.get(f"{page_of(debtor)}contas/").status_code == 404
    part = reverse("telecobranca:installments", args=[contract.pk, "todas"])
    assert client.get(part).status_code == 404


def test_without_a_session_a_page_and_a_fragment_lead_to_sign_in(
    client: Client, contract: Contract, debtor: Debtor
) -> None:
    page = client.get(page_of(debtor))
    fragment = client.get(
        reverse("telecobranca:timeline", args=[debtor.pk]),
        headers={**HTMX, "HX-Current-URL": f"http://testserver{page_of(debtor)}"},
    )

    assert page.status_code == 302
    assert fragment.headers["HX-Redirect"].startswith("/conta/login/?next=%2Ftelecobranca")


def test_a_note_is_written_and_the_timeline_told(
    client_for: SignIn, collector: User, contract: Contract, debtor: Debtor, agency: Agency
) -> None:
    client = client_for(collector)
    address = reverse("telecobranca:add_note", args=[debtor.pk])

    response = client.post(address, {"text": "Pediu boleto", "contract": contract.pk})

    assert set(json.loads(response.headers["HX-Trigger"])) == {"timeline-changed", "toast"}
    with scope(agency=agency):
        note = Event.objects.latest("pk")
    assert (note.text, note.actor, note.contract) == ("Pediu boleto", collector, contract)


def test_an_empty_note_is_refused_at_its_field(
    client_for: SignIn, collector: User, debtor: Debtor
) -> None:
    response = client_for(collector).post(reverse("telecobranca:add_note", args=[debtor.pk]))

    assert "Escreva o que aconteceu." in response.content.decode()
    assert "HX-Trigger" not in response.headers


def test_an_auditor_reads_but_does_not_write(
    client_for: SignIn, auditor: User, contract: Contract, debtor: Debtor
) -> None:
    client = client_for(auditor)

    html = client.get(page_of(debtor)).content.decode()
    note = client.post(reverse("telecobranca:add_note", args=[debtor.pk]), {"text": "x"})
    phone = client.get(reverse("telecobranca:add_contact", args=[debtor.pk, "telefones"]))

    assert "Novo Evento" not in html
    assert "Novo telefone" not in html
    assert (note.status_code, phone.status_code) == (403, 403)


def test_the_timeline_is_filtered_and_searched(
    client_for: SignIn, collector: User, contract: Contract, debtor: Debtor, agency: Agency
) -> None:
    with scope(agency=agency):
        own = {"agency": agency, "debtor": debtor}
        Event.objects.create(**own, kind="payment", title="Pagamento", text="Liquidação à vista")
    client = client_for(collector)
    address = reverse("telecobranca:timeline", args=[debtor.pk])

    paid = client.get(address, {"tipo": "pagamentos"}).content.decode()
    searched = client.get(address, {"texto": "LIQUIDACAO vista"}).content.decode()
    nothing = client.get(address, {"texto": "inexistente"}).content.decode()

    assert kinds(paid) == ["payment"]
    assert kinds(searched) == ["payment"]
    assert "Nenhum evento assim" in nothing


def test_the_timeline_goes_on_to_its_end(
    client_for: SignIn, collector: User, contract: Contract, debtor: Debtor
) -> None:
    client = client_for(collector)
    address = reverse("telecobranca:timeline", args=[debtor.pk])

    first = client.get(address).content.decode()
    second = client.get(address, {"apos": place_after(first)}).content.decode()

    told = [re.findall(r"Nota \d+", html) for html in (first, second)]
    assert [len(notes) for notes in told] == [20, 20]
    assert place_after(second) == ""
    assert not set(told[0]) & set(told[1])


def test_a_phone_is_added_changed_and_inactivated_in_place(
    client_for: SignIn, collector: User, debtor: Debtor, agency: Agency
) -> None:
    client = client_for(collector)
    add = reverse("telecobranca:add_contact", args=[debtor.pk, "telefones"])

    added = client.post(add, {"number": "(48) 3027-8000", "kind": "landline"})
    phone = Phone._base_manager.get(debtor=debtor)
    change = reverse("telecobranca:change_contact", args=["telefones", phone.pk])
    form = client.get(change).content.decode()
    changed = client.post(change, {"number": "(48) 99911-2233", "kind": "mobile"})
    active = reverse("telecobranca:contact_active", args=["telefones", phone.pk])
    stopped = client.post(active)

    assert added.headers["HX-Retarget"] == "#tab-panel"
    assert "(48) 3027-8000" in form
    assert "(48) 99911-2233" in changed.content.decode()
    assert "Inativo" in stopped.content.decode()
    undo = json.loads(stopped.headers["HX-Trigger"])["toast"]["undo"]
    assert undo == {"url": active, "values": {"ativo": "1"}}
    client.post(active, undo["values"])
    phone.refresh_from_db()
    assert phone.is_active


def test_a_wrong_phone_is_refused_at_its_field(
    client_for: SignIn, collector: User, debtor: Debtor
) -> None:
    address = reverse("telecobranca:add_contact", args=[debtor.pk, "telefones"])

    response = client_for(collector).post(address, {"number": "123", "kind": "mobile"})

    assert "Telefone inválido" in response.content.decode()
    assert "HX-Retarget" not in response.headers


def test_a_repeated_phone_says_so(client_for: SignIn, collector: User, debtor: Debtor) -> None:
    client = client_for(collector)
    address = reverse("telecobranca:add_contact", args=[debtor.pk, "telefones"])
    data = {"number": "(48) 99911-2233", "kind": "mobile"}
    client.post(address, data)

    again = client.post(address, data)

    assert "já cadastrado" in again.content.decode()


@pytest.mark.parametrize("kind", ["telefones", "emails", "enderecos"])
def test_each_tab_shows_its_data_and_its_empty_state(
    client_for: SignIn, collector: User, debtor: Debtor, kind: str
) -> None:
    response = client_for(collector).get(
        reverse("telecobranca:contacts", args=[debtor.pk, kind]), headers=HTMX
    )

    assert "Nenhum" in response.content.decode()


def test_an_installment_opens_into_its_receipts(
    client_for: SignIn, collector: User, contract: Contract, agency: Agency
) -> None:
    with scope(agency=agency):
        Payment.objects.create(
            agency=agency,
            contract=contract,
            number=41,
            paid_on=clock.today(),
            kind="Recebimento",
            gross=Decimal("434.52"),
            net=Decimal("434.52"),
        )
    address = reverse("telecobranca:installment", args=[contract.pk, 41])

    html = client_for(collector).get(address).content.decode()

    assert "R$ 434,52" in html


def test_finished_contracts_and_products_come_on_demand(
    client_for: SignIn, collector: User, contract: Contract, debtor: Debtor, creditor: Creditor
) -> None:
    factories.make_contract(creditor, debtor, number="118", status="finished")
    client = client_for(collector)

    page = client.get(page_of(debtor)).content.decode()
    finished = client.get(reverse("telecobranca:finished_contracts", args=[debtor.pk]))
    products = client.get(reverse("telecobranca:products", args=[debtor.pk]))

    assert "Mostrar 1 contrato finalizado" in page
    assert "118" in finished.content.decode()
    assert "apto 1204" in products.content.decode()
