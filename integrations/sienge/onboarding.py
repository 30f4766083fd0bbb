"""The step of the implantação that sets the Sienge connection up (playbook 6.1)."""

from cobranca.accounts.models import Agency
from cobranca.creditors.onboarding import Finding, Step, done, missing, page, register
from cobranca.creditors.selectors import values_of
from integrations.sienge.parameters import API_ADDRESS, PASSWORD, SECTION, USER


def _parameters(agency: Agency) -> Finding:
    values = values_of(SECTION, agency=agency)
    absent = [known.label for known in (USER, PASSWORD, API_ADDRESS) if not values[known]]
    if absent:
        return missing(f"Falta informar: {', '.join(absent)}.")
    return done("Usuário, senha e endereço informados.")


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
