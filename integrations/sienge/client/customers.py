"""What is written of a customer: telephones as one list, addresses by kind (2.4)."""

from collections.abc import Sequence
from typing import Any

from integrations.core.calls import Call
from integrations.sienge.client.base import Endpoints, at


class Customers(Endpoints):
    """Writes of registration data; doing one again changes nothing more."""

    def put_phones(self, customer: str, phones: Sequence[dict[str, Any]]) -> None:
        """PUT /customers/{id}/phones: *the* list; what is not in it is gone over there."""
        url = self._rest + at("/customers/{}/phones", customer)
        call = Call("AtualizarTelefones", url, "Telefones do cliente")
        self._write(call, "PUT", {"phones": list(phones)})

    def put_address(self, customer: str, kind: str, body: dict[str, Any]) -> None:
        """PUT /customers/{id}/addresses/{R or C}: replaced, or included where there is none."""
        url = self._rest + at("/customers/{}/addresses/{}", customer, kind)
        call = Call("AtualizarEndereco", url, "Endereços do cliente")
        self._write(call, "PUT", body)
