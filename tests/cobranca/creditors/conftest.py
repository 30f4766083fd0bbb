import pytest

from cobranca.creditors import services
from cobranca.creditors.models import Creditor
from tests.factories import cnpj, next_number


@pytest.fixture
def sienge(agency, in_scope):
    """The creditor type SIENGE, switched on."""
    return services.activate_creditor_type("SIENGE", agency=agency, actor=None)


@pytest.fixture
def new_creditor(agency):
    """Return an unsaved Sienge creditor, as a form would fill it in."""

    def make(**fields):
        given = {
            "document": cnpj(next_number()),
            "legal_name": "Empresa Sienge Ltda",
            "creditor_type": "SIENGE",
            "external_code": str(next_number()),
        }
        return Creditor(agency=agency, **{**given, **fields})

    return make


@pytest.fixture
def sienge_creditor(sienge, new_creditor, implementer):
    return services.save_creditor(creditor=new_creditor(), actor=implementer)
