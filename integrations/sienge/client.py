"""Sienge's API as it is: one method an endpoint, their names, rows untouched."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Generic, TypeVar

import msgspec

from integrations.core.calls import BULK, REST, Call
from integrations.core.http import HttpClient, Patience
from integrations.core.streaming import Row, decode_row, stream_rows
from integrations.sienge import rows as r
from integrations.sienge.config import SiengeConfig
from integrations.sienge.paging import ASKED_LIMIT, ListPage

T = TypeVar("T")

# The bulk endpoints demand a period: wide enough for every due date that was ever typed.
FIRST_DAY, LAST_DAY = "1990-01-01", "2100-12-31"
# A connection check asks once; a resource that is down now is told as down.
_ONCE = Patience(tries=1)


@dataclass(frozen=True)
class Resource(Generic[T]):
    """A resource: its log name, path, permission (as the playbook calls it) and row type."""

    method: str
    path: str
    permission: str
    row: type[T]

    @property
    def decoder(self) -> "msgspec.json.Decoder[T]":
        """Return the decoder of its rows, made once."""
        return _decoder(self.row)


_DECODERS: dict[type[Any], msgspec.json.Decoder[Any]] = {}


def _decoder(row: type[T]) -> "msgspec.json.Decoder[T]":
    return _DECODERS.setdefault(row, msgspec.json.Decoder(row))


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

_envelope = msgspec.json.Decoder(r.Envelope)
_raw_rows = msgspec.json.Decoder(list[msgspec.Raw])


class SiengeClient:
    """The endpoints a load, a check and the lists of choices need. Reads only."""

    def __init__(self, config: SiengeConfig, http: HttpClient) -> None:
        self._rest, self._bulk = config.api_url, config.bulk_url
        self._http = http

    @property
    def http(self) -> HttpClient:
        """Return the client underneath."""
        return self._http

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
        self, company: str, offset: int = 0, modified_after: date | None = None
    ) -> ListPage[r.SalesContract]:
        """GET /sales-contracts of one company, cancelled ones too."""
        since = {} if modified_after is None else {"modifiedAfter": modified_after.isoformat()}
        return self._page(SALES, offset, companyId=company, **since)

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

    def probe(self, path: str, permission: str, params: dict[str, str], pool: str = REST) -> None:
        """GET something harmless once, only to see whether it is allowed; raises what went wrong.

        "Nothing found" and "missing parameter" are answers of an API that lets us in.
        """
        base = self._bulk if pool == BULK else self._rest
        call = Call("VerificarPermissao", base + path, permission, params, pool)
        self._http.get(call, _anything, _ONCE)

    def _page(self, resource: Resource[T], offset: int, **filters: str) -> ListPage[T]:
        params = {**filters, "limit": str(ASKED_LIMIT), "offset": str(offset)}
        call = Call(resource.method, self._rest + resource.path, resource.permission, params)
        page = self._http.get(call, partial(page_of, resource.decoder))
        return ListPage([], count=0) if page is None else page

    def _one(self, resource: Resource[T], code: str) -> Row[T] | None:
        url = self._rest + resource.path.format(code)
        call = Call(resource.method, url, resource.permission)
        decode: Callable[[bytes], Row[T] | None] = partial(_single, resource.decoder)
        return self._http.get(call, decode)

    def _stream(
        self, resource: Resource[T], params: dict[str, str], changed_since: date | None
    ) -> Iterator[Row[T]]:
        if changed_since is not None:
            params = {**params, "changeStartDate": changed_since.isoformat()}
        url = self._bulk + resource.path
        call = Call(resource.method, url, resource.permission, params, BULK)
        with self._http.open(call) as download:
            if download is None:  # nothing found: as good as an empty list
                return
            rows = 0
            try:
                for row in stream_rows(download, resource.decoder):
                    rows += 1
                    yield row
            finally:
                download.count(rows)


def _anything(body: bytes) -> None:
    """Accept any JSON, and nothing at all: some calls answer 200 with an empty body."""
    if body.strip():
        msgspec.json.decode(body, type=msgspec.Raw)


def page_of(decoder: "msgspec.json.Decoder[T]", body: bytes) -> ListPage[T]:
    """Decode a list in its envelope or bare, row by row: a bad row spoils only itself."""
    if body.lstrip()[:1] == b"[":
        return ListPage(_rows(decoder, body))
    envelope = _envelope.decode(body)
    if isinstance(envelope.results, msgspec.UnsetType):
        raise msgspec.DecodeError("no results in the envelope")
    metadata = envelope.result_set_metadata or r.Metadata()
    return ListPage(
        _rows(decoder, bytes(envelope.results)), _whole(metadata.count), _whole(metadata.limit)
    )


def _rows(decoder: "msgspec.json.Decoder[T]", array: bytes) -> list[Row[T]]:
    if array.strip() == b"null":
        return []
    if array.lstrip()[:1] == b"{":  # a list of one, drawn as an object
        return [decode_row(array, decoder)]
    return [decode_row(bytes(raw), decoder) for raw in _raw_rows.decode(array)]


def _single(decoder: "msgspec.json.Decoder[T]", body: bytes) -> Row[T] | None:
    """Decode one object that may come bare or as the only row of a list."""
    if body.lstrip()[:1] == b"{":
        envelope = _envelope.decode(body)
        if isinstance(envelope.results, msgspec.UnsetType):
            return decode_row(body, decoder)
    found = page_of(decoder, body).rows
    return found[0] if found else None


def _whole(told: int | str | None) -> int | None:
    """Return a number of the metadata, which may come as text or not at all."""
    if isinstance(told, str):
        return int(told) if told.strip().isdigit() else None
    return told
