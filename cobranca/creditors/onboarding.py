"""The implantação, step by step (playbook 4.2.2): what is done, missing or to be validated.

Whoever owns a step registers it in its own module `onboarding`; the state is always computed
from what is really there, never ticked by hand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import TextChoices
from django.urls import NoReverseMatch, reverse

from cobranca.accounts.models import Agency
from cobranca.creditors import selectors
from cobranca.creditors.models import Creditor
from cobranca.scheduling.selectors import has_active_tasks, missing_models


class StepState(TextChoices):
    DONE = "done", "Feito"
    MISSING = "missing", "Falta"
    TO_VALIDATE = "to_validate", "A validar"


@dataclass(frozen=True)
class Finding:
    """How far a step is, with a sentence that says what is there or what is missing."""

    state: StepState
    detail: str = ""


@dataclass(frozen=True)
class Step:
    """One step: `order` is ten times its number in the playbook, so that others fit between."""

    code: str
    order: int
    title: str
    help: str
    look: Callable[[Agency], Finding]
    link: Callable[[Agency], str]
    link_label: str
    is_optional: bool = False


@dataclass(frozen=True)
class CheckedStep:
    """A step as an agency stands with it now."""

    step: Step
    finding: Finding
    url: str


_STEPS: dict[str, Step] = {}


def register(step: Step) -> Step:
    """Make a step known; done once by the module `onboarding` of its app."""
    _STEPS[step.code] = step
    return step


def checklist(agency: Agency) -> list[CheckedStep]:
    """Return every step in order, with its present state."""
    steps = sorted(_STEPS.values(), key=lambda step: step.order)
    return [CheckedStep(step, step.look(agency), step.link(agency)) for step in steps]


def page(name: str, query: str = "") -> Callable[[Agency], str]:
    """Return a link to a named page; "" while this installation has no such page."""

    def link(_: Agency) -> str:
        try:
            return f"{reverse(name)}{query}"
        except NoReverseMatch:
            return ""

    return link


def done(detail: str = "") -> Finding:
    """Return that a step is done."""
    return Finding(StepState.DONE, detail)


def missing(detail: str) -> Finding:
    """Return that a step is missing, and what."""
    return Finding(StepState.MISSING, detail)


def to_validate(detail: str) -> Finding:
    """Return that a step waits for a person to look at it."""
    return Finding(StepState.TO_VALIDATE, detail)


def _creditor_type(agency: Agency) -> Finding:
    active = selectors.active_types(agency)
    if not active:
        return missing("Nenhum tipo de credor ativado.")
    return done(", ".join(known.label for known in active))


def _creditors(agency: Agency) -> Finding:
    typed = integrated_creditors(agency)
    if not typed:
        return missing("Nenhum credor com integração cadastrado.")
    return done(", ".join(str(creditor) for creditor in typed))


def integrated_creditors(agency: Agency) -> list[Creditor]:
    """Return the active creditors that come from an ERP."""
    return list(selectors.creditors_of(agency).exclude(creditor_type=""))


def _automatic_settings(agency: Agency) -> Finding:
    if not integrated_creditors(agency):
        return missing("Aparecem quando o primeiro credor for cadastrado.")
    waiting = selectors.settings_to_validate(agency).filter(creditor__is_active=True)
    names = waiting.select_related("creditor").order_by("creditor__legal_name")
    creditors = dict.fromkeys(str(row.creditor) for row in names)
    if not creditors:
        return done("Todas confirmadas.")
    return to_validate(f"{len(names)} a validar em: {', '.join(creditors)}.")


def _settings_link(agency: Agency) -> str:
    waiting = selectors.settings_to_validate(agency).order_by("creditor_id", "section", "id")
    row = waiting.first()
    base = reverse("creditors:creditor_parameters")
    if row is None:
        return base
    return f"{base}?{urlencode({'credor': row.creditor_id, 'secao': row.section})}"


def _branches(agency: Agency) -> Finding:
    number = selectors.branches_of(agency).count()
    if not number:
        return missing("Nenhuma filial; a primeira importação as cria, se o parâmetro deixar.")
    return done(f"{number} cadastrada{'s' if number > 1 else ''}.")


def _contract_type(agency: Agency) -> Finding:
    needed = {
        (kind.code, model.code)
        for kind in selectors.active_types(agency)
        for model in kind.contract_types
    }
    have = set(selectors.contract_types_of(agency).values_list("creditor_type", "code"))
    if not needed:
        return missing("Ative antes o tipo de credor.")
    if needed - have:
        return missing(f"Falta: {', '.join(code for _, code in sorted(needed - have))}.")
    waiting = list(selectors.contract_types_to_validate(agency))
    if waiting:
        return to_validate(f"Confira os atributos de: {', '.join(map(str, waiting))}.")
    return done("Com atributos confirmados.")


def _tasks(agency: Agency) -> Finding:
    if not has_active_tasks(agency):
        return missing("Nenhuma tarefa agendada.")
    absent = missing_models(agency)
    if absent:
        return missing(f"Falta agendar: {', '.join(model.description for model in absent)}.")
    return done("Todas as tarefas recomendadas estão agendadas.")


register(
    Step(
        code="creditor_type",
        order=20,
        title="Ativar o tipo de credor",
        help="Habilita a integração com o ERP para esta assessoria.",
        look=_creditor_type,
        link=page("admin:creditors_creditortypeactivation_changelist"),
        link_label="Tipos de credor",
    )
)
register(
    Step(
        code="creditors",
        order=30,
        title="Cadastrar as empresas (credores)",
        help="Cada empresa do ERP, com o tipo de credor e o código que ela tem lá.",
        look=_creditors,
        link=page("admin:creditors_creditor_changelist"),
        link_label="Credores",
    )
)
register(
    Step(
        code="automatic_settings",
        order=35,
        title="Validar as configurações automáticas",
        help="Criadas com o credor; alguém precisa conferir e confirmar.",
        look=_automatic_settings,
        link=_settings_link,
        link_label="Parâmetros do credor",
    )
)
register(
    Step(
        code="branches",
        order=40,
        title="Cadastrar as filiais (obras e centros de custo)",
        help="Só quando a importação automática de empreendimentos estiver desligada.",
        look=_branches,
        link=page("admin:creditors_branch_changelist"),
        link_label="Filiais",
        is_optional=True,
    )
)
register(
    Step(
        code="contract_type",
        order=50,
        title="Cadastrar o tipo de contrato de venda “CT”",
        help="Criado com o credor, com os seus atributos; Código é a chave.",
        look=_contract_type,
        link=page("admin:creditors_contracttype_changelist"),
        link_label="Tipos de contrato",
    )
)
register(
    Step(
        code="tasks",
        order=80,
        title="Criar as tarefas automáticas",
        help="Carga diária, pagamentos e batimento semanal, com os horários do modelo.",
        look=_tasks,
        link=page("scheduling:tasks"),
        link_label="Tarefas",
    )
)
