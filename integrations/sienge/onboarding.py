"""The step of the implantação that sets the Sienge connection up (playbook 6.1)."""

from cobranca.accounts.models import Agency
from cobranca.creditors.onboarding import Finding, Step, done, missing, page, register
from cobranca.creditors.selectors import values_of
from integrations.sienge.parameters import (
    API_ADDRESS,
    PACKAGE,
    PACKAGES,
    PASSWORD,
    SECTION,
    USER,
)


def _parameters(agency: Agency) -> Finding:
    values = values_of(SECTION, agency=agency)
    absent = [known.label for known in (USER, PASSWORD, API_ADDRESS) if not values[known]]
    if absent:
        return missing(f"Falta informar: {', '.join(absent)}.")
    return done("Usuário, senha e endereço informados.")


def _package(agency: Agency) -> Finding:
    package = values_of(SECTION, agency=agency)[PACKAGE]
    if package not in PACKAGES:
        return missing("Sem o pacote não há cota diária: só o limite por minuto é respeitado.")
    rest, bulk = (f"{limit:,}".replace(",", ".") for limit in PACKAGES[package])
    return done(f"{package}: {rest} chamadas REST e {bulk} BULK por dia.")


register(
    Step(
        code="sienge_package",
        order=12,
        title="Informar o pacote de APIs contratado",
        help="Dele vem a cota diária de chamadas, e o que para primeiro quando ela acaba.",
        look=_package,
        link=page("creditors:parameters", query="?secao=Integra%C3%A7%C3%A3o+Sienge"),
        link_label="Parâmetros",
        is_optional=True,
    )
)
register(
    Step(
        code="sienge_parameters",
        order=10,
        title="Configurar os parâmetros da integração Sienge",
        help="Usuário, senha e endereço da API; os demais parâmetros são opcionais.",
        look=_parameters,
        link=page("creditors:parameters", query="?secao=Integra%C3%A7%C3%A3o+Sienge"),
        link_label="Parâmetros",
    )
)
