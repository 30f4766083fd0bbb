"""Second copies of boletos, and what Sienge sends to its customers by e-mail."""

from functools import partial
from typing import Any

from integrations.core.calls import Call
from integrations.core.streaming import Row
from integrations.sienge import rows as r
from integrations.sienge.client.base import Endpoints, Resource
from integrations.sienge.client.decoding import single

BOLETO = Resource(
    "BuscarSegundaViaBoleto",
    "/payment-slip-notification",
    "Geração de Boleto (Segunda Via)",
    r.Boleto,
)


class Boletos(Endpoints):
    """Boletos and mail."""

    def boleto(self, title: str, installment: str) -> Row[r.Boleto] | None:
        """GET /payment-slip-notification; RefusedError with Sienge's words when there is none."""
        params = {"billReceivableId": title, "installmentId": str(installment)}
        call = self._call(BOLETO, params, contract=title, tells_refusal=True)
        found: Row[r.Boleto] | None = self._http.get(call, partial(single, BOLETO.decoder))
        return found

    def download(self, url: str) -> bytes:
        """Return the file behind a report's link, which lives five minutes."""
        call = Call("BaixarRelatorio", url, BOLETO.permission)
        return self._http.download(call, may_be_plain=self._rest.startswith("http:"))

    def mail_boleto(self, body: dict[str, Any]) -> None:
        """POST /payment-slip-notification: Sienge mails an installment's boleto."""
        self._mail(
            "EnviarSegundaViaBoleto", BOLETO.path, BOLETO.permission, body, "receivableBillId"
        )

    def mail_statement(self, body: dict[str, Any]) -> None:
        """POST /customer-financial-statements: Sienge mails a customer's statement."""
        self._mail(
            "EnviarExtratoCliente",
            "/customer-financial-statements",
            "Extrato de Cliente por E-mail",
            body,
            "billReceivableId",
        )

    def mail_balance(self, body: dict[str, Any]) -> None:
        """POST /email-current-debit-balance: Sienge mails a customer's present debit balance."""
        self._mail(
            "EnviarSaldoDevedor",
            "/email-current-debit-balance",
            "Envio do saldo devedor presente por E-mail",
            body,
            "billReceivableId",
        )

    def _mail(
        self, method: str, path: str, permission: str, body: dict[str, Any], title: str
    ) -> None:
        url, contract = self._rest + path, str(body.get(title) or "")
        self._write(Call(method, url, permission, contract=contract), "POST", body)
