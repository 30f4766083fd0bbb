"""The creditor type SIENGE: what a Sienge creditor starts with (playbook 6.3 and 6.5)."""

from cobranca.common.errors import DomainError
from cobranca.creditors import standard_parameters as standard
from cobranca.creditors.types import Attribute, ContractTypeModel, CreditorType, register

CODE = "SIENGE"
SALE = "CT"


def _number(text: str, expected: str) -> str:
    """Return a code as Sienge spells it: a whole number without leading zeros."""
    code = text.strip()
    if not (code.isascii() and code.isdigit()):
        raise DomainError(expected)
    return str(int(code))


def parse_company_code(text: str) -> str:
    """Return a company's code, or say what is expected."""
    return _number(text, "Informe o código da empresa no Sienge: só números, como 999.")


def parse_enterprise_code(text: str) -> str:
    """Return the code of an enterprise (cost centre), or say what is expected."""
    return _number(text, "Informe o código do empreendimento no Sienge: só números, como 2017.")


# The keys are those of the product attributes that the mapper writes.
SALE_ATTRIBUTES = (
    Attribute("code", "Código", is_key=True),
    Attribute("product_name", "Nome Produto"),
    Attribute("private_area", "Espaço Privado"),
    Attribute("participation_percent", "Percentual de participação"),
    Attribute("property_type", "Tipo de Imóvel"),
    Attribute("registration", "Matrícula"),
    Attribute("commercial_stock", "Estoque Comercial"),
)

SIENGE = register(
    CreditorType(
        code=CODE,
        label="Sienge",
        automatic_settings=(
            (standard.RECALL_ORIGINALS_ON_BREACH, "Não"),
            (standard.FINISH_RENEGOTIATED_ON_BREACH, "Não"),
            (standard.ALLOW_BREACH_WAITING_APPROVAL, "Sim"),
            (standard.REMOVE_RENEGOTIATED_ON_PAYMENT_REMOVAL, "Não"),
            (standard.REMOVE_RENEGOTIATED_ON_BREACH, "Não"),
            (standard.UPDATE_INSTALLMENT_DATA, "Sim"),
            (standard.RECALL_IMPORTED, "Sim"),
            (standard.FULL_LOAD_POLICY, "2"),
            (standard.REOPEN_RECALLED, "Sim"),
            (standard.BLOCK_NEW_DUE_DATE, "Sim"),
        ),
        contract_types=(ContractTypeModel(SALE, "Contrato de Venda", SALE_ATTRIBUTES),),
        parse_code=parse_company_code,
        parse_branch_code=parse_enterprise_code,
        code_help="Código da empresa no Sienge, só números.",
    )
)
