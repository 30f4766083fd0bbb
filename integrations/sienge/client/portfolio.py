"""What a load, a check and the lists of choices read."""

from collections.abc import Iterator
from datetime import date

from integrations.core.streaming import Row
from integrations.sienge import rows as r
from integrations.sienge.client.base import FIRST_DAY, LAST_DAY, Endpoints, Resource
from integrations.sienge.paging import ListPage

COMPANIES = Resource("ListarEmpresas", "/companies", "Empresas", r.Named)
COMPANY = Resource("BuscarEmpresa", "/companies/{}", "Empresas", r.Named)
ENTERPRISES = Resource("ListarEmpreendimentos", "/enterprises", "Empreendimentos", r.Enterprise)
COST_CENTERS = Resource("ListarCentrosCusto", "/cost-centers", "Centro de Custos", r.CostCenter)
CUSTOMERS = Resource("ListarClientes", "/customers", "Clientes", r.Customer)
CUSTOMER = Resource("BuscarCliente", "/customers/{}", "Clientes", r.Customer)
SALES = Resource("ListarContratosVenda", "/sales-contracts", "Contratos de Vendas", r.SalesContract)
SALE = Resource("BuscarContrato", "/sales-contracts/{}", "Contratos de Vendas", r.SalesContract)
UNITS = Resource("ListarUnidades", "/units", "Unidades", r.Unit)
UNIT = Resource("BuscarUnidade", "/units/{}", "Unidades", r.Unit)
CONDITION_TYPES = Resource(
    "ListarCondicoesPagamento",
    "/payment-condition-types",
    "Tipos de Condição de Pagamento",
    r.Named,
)
DOCUMENT_TYPES = Resource(
    "ListarTiposDocumento", "/document-identifications", "Tipos de Documento", r.Named
)
INDEXERS = Resource("ListarIndexadores", "/indexers", "Indexadores", r.Named)
INCOME = Resource(
    "ConsultarParcelasBulk", "/income", "Bulk Data: Parcelas do Contas a Receber", r.Income
)
EXTRACT = Resource(
    "ConsultarExtratoBulk",
    "/customer-extract-history",
    "Bulk Data: Extrato do Cliente",
    r.Extract,
)


class Portfolio(Endpoints):
    """The lists of a tenant and the bulk data of a company."""

    def companies(self, offset: int = 0) -> ListPage[r.Named]:
        """GET /companies: all of the tenant, by code."""
        return self._page(COMPANIES, offset)

    def company(self, company: str) -> Row[r.Named] | None:
        """GET /companies/{id}."""
        return self._one(COMPANY, company)

    def enterprises(self, company: str, offset: int = 0) -> ListPage[r.Enterprise]:
        """GET /enterprises of one company; there is no filter by date."""
        return self._page(ENTERPRISES, offset, companyId=company)

    def cost_centers(self, offset: int = 0) -> ListPage[r.CostCenter]:
        """GET /cost-centers of all companies; an enterprise has the code of its cost centre."""
        return self._page(COST_CENTERS, offset)

    def customers(
        self, offset: int = 0, modified_after: date | None = None
    ) -> ListPage[r.Customer]:
        """GET /customers of all companies, inactive ones too: they may still owe."""
        since = {} if modified_after is None else {"modifiedAfter": modified_after.isoformat()}
        return self._page(CUSTOMERS, offset, onlyActive="false", **since)

    def customer(self, customer: str) -> Row[r.Customer] | None:
        """GET /customers/{id}; None when there is none."""
        return self._one(CUSTOMER, customer)

    def sales_contracts(
        self,
        company: str,
        offset: int = 0,
        modified_after: date | None = None,
        customer: str = "",
    ) -> ListPage[r.SalesContract]:
        """GET /sales-contracts of one company, or of a customer there; cancelled ones too."""
        since = {} if modified_after is None else {"modifiedAfter": modified_after.isoformat()}
        of = {"customerId": customer} if customer else {}
        return self._page(SALES, offset, companyId=company, **of, **since)

    def sales_contract(self, contract: str) -> Row[r.SalesContract] | None:
        """GET /sales-contracts/{id}; None when there is none."""
        return self._one(SALE, contract)

    def units(self, offset: int = 0, enterprise: str = "") -> ListPage[r.Unit]:
        """GET /units of one enterprise or of all; there is no filter by company or date."""
        return self._page(UNITS, offset, **({"enterpriseId": enterprise} if enterprise else {}))

    def unit(self, unit: str) -> Row[r.Unit] | None:
        """GET /units/{id}; None when there is none."""
        return self._one(UNIT, unit)

    def payment_condition_types(self, offset: int = 0) -> ListPage[r.Named]:
        """GET /payment-condition-types."""
        return self._page(CONDITION_TYPES, offset)

    def document_identifications(self, offset: int = 0) -> ListPage[r.Named]:
        """GET /document-identifications: the list is in the playbook, not in the specification."""
        return self._page(DOCUMENT_TYPES, offset)

    def indexers(self, offset: int = 0) -> ListPage[r.Named]:
        """GET /indexers."""
        return self._page(INDEXERS, offset)

    def income(self, company: str, changed_since: date | None = None) -> Iterator[Row[r.Income]]:
        """GET bulk /income: every installment by due date, or those changed since a day.

        In one answer that may stop half-way: only a normal end of the iterator means all.
        """
        return self._stream(
            INCOME,
            {
                "startDate": FIRST_DAY,
                "endDate": LAST_DAY,
                "selectionType": "D",
                "companyId": company,
                "completedBills": "S",
            },
            changed_since,
        )

    def extract_history(
        self, company: str, changed_since: date | None = None
    ) -> Iterator[Row[r.Extract]]:
        """GET bulk /customer-extract-history: bill by bill, the only bulk that tells boletos."""
        period = {"startDueDate": FIRST_DAY, "endDueDate": LAST_DAY, "companyId": company}
        return self._stream(EXTRACT, period, changed_since)
