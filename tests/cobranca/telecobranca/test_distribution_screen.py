"""Equipe › Distribuição as a supervisor uses it."""

import re

import pytest

from cobranca.telecobranca.models import Distribution
from tests import factories
from tests.cobranca.telecobranca.teaming import hands, make_team, owing

pytestmark = pytest.mark.django_db
PAGE = "/equipe/distribuicao/"


@pytest.fixture
def team(in_scope, agency):
    return make_team(agency, "Azul")


def typed(*targets, **told) -> dict:
    return {"who": "sem-equipe", "mode": "even", "acao": "previa", "targets": targets, **told}


def digest_in(page: str) -> str:
    return re.search(r'name="digest" value="(\w+)"', page)[1]


def test_preview_apply_undo(client_for, team, creditor, supervisor):
    owing(creditor, ["1234.56"])
    browser = client_for(supervisor)

    seen = browser.post(PAGE, typed(f"t{team.pk}")).content.decode()
    assert "1.234,56" in seen
    assert not hands()
    applied = browser.post(
        PAGE, typed(f"t{team.pk}", acao="aplicar", digest=digest_in(seen)), follow=True
    ).content.decode()
    assert "Distribuição aplicada a 1 devedor: 1 contrato mudou de mãos" in applied
    made = Distribution.objects.get()
    undone = browser.post(f"{PAGE}{made.pk}/desfazer/", follow=True).content.decode()

    assert "Distribuição desfeita: 1 contrato voltou." in undone
    assert not hands()
    again = browser.post(f"{PAGE}{made.pk}/desfazer/", follow=True).content.decode()
    assert "Só a última distribuição pode ser desfeita" in again


def test_applying_something_else_than_was_seen_shows_it_again(
    client_for, team, creditor, supervisor
):
    owing(creditor, ["100"])
    browser = client_for(supervisor)
    seen = browser.post(PAGE, typed(f"t{team.pk}")).content.decode()
    owing(creditor, ["777.77"])

    page = browser.post(
        PAGE, typed(f"t{team.pk}", acao="aplicar", digest=digest_in(seen))
    ).content.decode()

    assert "A carteira mudou desde a prévia" in page
    assert "877,77" in page
    assert not hands()


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({}, "Escolha para quem distribuir."),
        ({"min_total": "abc"}, "min_total_error"),
        ({"mode": "percent", "targets": ["TEAM"]}, "Informe o percentual de Azul."),
        ({"mode": "percent", "targets": ["TEAM"], "PERCENT": "40"}, "Os percentuais somam 40 %"),
        ({"mode": "percent", "targets": ["TEAM"], "PERCENT": "NaN"}, "Informe o percentual"),
        ({"mode": "nobody"}, "Quem já está sem equipe não tem de onde sair."),
        ({"mode": "move"}, "id_mode_error"),
    ],
)
def test_what_is_wrong_is_said(client_for, team, creditor, supervisor, told, said):
    owing(creditor, ["100"])
    body = typed(**told)
    body["targets"] = [f"t{team.pk}" for _ in body["targets"]]
    body[f"percent_t{team.pk}"] = body.pop("PERCENT", "")

    page = client_for(supervisor).post(PAGE, body).content.decode()

    assert said in page
    assert "digest" not in page


def test_percentages_are_read_as_brazilians_write_them(
    client_for, team, agency, creditor, supervisor
):
    other = make_team(agency, "Verde")
    for _ in range(8):
        owing(creditor, ["100"])
    keys = (f"t{team.pk}", f"t{other.pk}")

    page = client_for(supervisor).post(
        PAGE,
        typed(
            *keys, mode="percent", **{f"percent_{keys[0]}": "62,5", f"percent_{keys[1]}": "37,5"}
        ),
    )

    assert re.findall(r'<th scope="row">\w+</th><td class="num">(\d+)<', page.content.decode()) == [
        "5",
        "3",
    ]


def test_a_branch_of_another_creditor_is_refused(client_for, team, agency, creditor, supervisor):
    elsewhere = factories.make_creditor(agency, creditor_type="SIENGE", external_code="2")
    branch = factories.make_branch(elsewhere)

    page = client_for(supervisor).post(
        PAGE, typed(f"t{team.pk}", creditor=creditor.pk, branch=branch.pk)
    )

    assert "Esta filial é de outro credor." in page.content.decode()


def test_auditors_read_the_history_and_distribute_nothing(client_for, team, auditor, collector):
    browser = client_for(auditor)

    assert "Ver prévia" not in browser.get(PAGE).content.decode()
    assert browser.post(PAGE, typed(f"t{team.pk}")).status_code == 403
    assert client_for(collector).get(PAGE).status_code == 403
