import pytest
from django_scopes import scope

from cobranca.common.errors import DomainError
from cobranca.creditors import selectors, services
from cobranca.creditors import standard_parameters as standard
from cobranca.creditors.models import ParameterValue
from integrations.sienge import parameters as sienge_parameters

pytestmark = pytest.mark.usefixtures("in_scope")


def test_an_unset_parameter_is_its_default(agency, creditor):
    limit = selectors.value_of(standard.RECALL_LIMIT_PERCENT, agency=agency, creditor=creditor)

    assert limit == 30
    assert selectors.value_of(standard.LOG_RETENTION_DAYS, agency=agency) == 90


def test_a_value_costs_one_query(agency, creditor, django_assert_num_queries):
    with django_assert_num_queries(1):
        selectors.value_of(standard.UPDATE_INSTALLMENT_DATA, agency=agency, creditor=creditor)


def test_a_section_costs_one_query(agency, creditor, implementer, django_assert_num_queries):
    services.set_parameter(
        standard.RECALL_LIMIT_PERCENT, "5", agency=agency, creditor=creditor, actor=implementer
    )

    with django_assert_num_queries(1):
        values = selectors.values_of(standard.IMPORT_SECTION, agency=agency, creditor=creditor)
        found = (values[standard.RECALL_LIMIT_PERCENT], values[standard.RECALL_IMPORTED])

    assert found == (5, True)


def test_a_section_does_not_answer_for_another(agency):
    values = selectors.values_of(standard.IMPORT_SECTION, agency=agency)

    with pytest.raises(ValueError, match="log_retention_days"):
        _ = values[standard.LOG_RETENTION_DAYS]


def test_values_of_one_agency_are_not_anothers(agency, other_agency, stranger):
    with scope(agency=other_agency):
        services.set_parameter(
            standard.LOG_RETENTION_DAYS, "5", agency=other_agency, actor=stranger
        )

    assert selectors.value_of(standard.LOG_RETENTION_DAYS, agency=agency) == 90


def test_a_creditors_value_is_its_own(agency, creditor, implementer):
    from tests.factories import make_creditor

    other = make_creditor(agency)
    services.set_parameter(
        standard.RECALL_LIMIT_PERCENT, "5", agency=agency, creditor=creditor, actor=implementer
    )

    assert selectors.value_of(standard.RECALL_LIMIT_PERCENT, agency=agency, creditor=other) == 30


def test_a_stored_value_that_makes_no_sense_any_more_is_said_by_its_name(agency):
    ParameterValue.objects.create(
        agency=agency, section="Integrações", key="log_retention_days", value="muitos"
    )

    with pytest.raises(DomainError, match="Dias de retenção"):
        selectors.value_of(standard.LOG_RETENTION_DAYS, agency=agency)


def test_a_creditor_sees_the_parameters_of_its_own_type(agency, creditor):
    from tests.factories import make_creditor

    plain = make_creditor(agency)

    assert sienge_parameters.SECTION in selectors.sections("creditor", creditor)
    assert sienge_parameters.SECTION not in selectors.sections("creditor", plain)
