"""Reading with less than everything: resources not granted, quotas used up."""

import pytest

from cobranca.contracts.records import BoletoRecord, BranchRecord, InstallmentRecord, ProductRecord
from integrations.core.errors import BudgetError, NotGrantedError
from integrations.sienge import parameters as p
from tests.integrations.sienge.office import configure
from tests.integrations.sienge.portfolios import FULL, Staged, answering, fill


@pytest.mark.parametrize(
    ("path", "notice", "kind"),
    [
        ("/units", "produtos não atualizados", ProductRecord),
        ("/customer-extract-history", "boletos não atualizados", BoletoRecord),
    ],
)
def test_without_an_optional_resource_the_rest_comes_in(connect, sienge, path, notice, kind):
    fill(sienge)
    sienge.faults.append(answering(path, 403))

    staged = Staged().take(connect().read_portfolio(FULL))

    assert len(staged.notices) == 1
    assert notice in staged.notices[0]
    assert staged.of(kind) == []
    assert len(staged.of(InstallmentRecord)) == 18


def test_without_enterprises_the_cost_centres_name_the_branches(connect, sienge):
    fill(sienge)
    sienge.faults.append(answering("/enterprises", 403))

    staged = Staged().take(connect().read_portfolio(FULL))

    assert [branch.external_id for branch in staged.of(BranchRecord)] == ["40", "41"]
    assert staged.notices == []


@pytest.mark.parametrize(
    ("path", "permission"),
    [
        ("/customers", "Clientes"),
        ("/sales-contracts", "Contratos de Vendas"),
        ("/income", "Parcelas do Contas a Receber"),
    ],
)
def test_a_needed_resource_that_is_not_granted_is_named(connect, sienge, path, permission):
    fill(sienge)
    sienge.faults.append(answering(path, 403))

    with pytest.raises(NotGrantedError, match=permission):
        list(connect().read_portfolio(FULL))


def test_when_the_bulk_quota_ends_the_installments_are_in_and_the_boletos_wait(
    connect, sienge, in_scope
):
    fill(sienge)
    configure(in_scope, {p.PACKAGE: "Free"})
    connector = connect()
    for _ in range(7):
        connector._client.http._budget.spend("bulk")

    staged = Staged().take(connector.read_portfolio(FULL))

    assert "boletos não atualizados" in staged.notices[0]
    assert len(staged.of(InstallmentRecord)) == 18
    with pytest.raises(BudgetError):
        list(connect().read_portfolio(FULL))
