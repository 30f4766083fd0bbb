from datetime import date

import pytest
from django_scopes import scope

from cobranca.common.errors import DomainError
from cobranca.creditors.models import ParameterValue
from cobranca.creditors.parameters import GENERAL, definition
from integrations.core.errors import ConfigError
from integrations.sgs import parameters as p
from integrations.sgs.config import load_config


def test_nothing_need_be_set(in_scope):
    config = load_config(in_scope)

    assert config.api_url == "https://api.bcb.gov.br"
    assert config.first_month == date(1994, 7, 1)
    assert definition("Índices", "sgs_url").scope == GENERAL


@pytest.mark.parametrize(
    "typed",
    ["http://sgs.teste:80", "http://sgs.teste:80/", "http://sgs.teste:80/dados",
     "http://sgs.teste:80/dados/serie/bcdata.sgs.189/dados"],
)  # fmt: skip
def test_the_address_is_cut_back_to_its_base(in_scope, point, typed):
    point(in_scope, typed)

    assert load_config(in_scope).api_url == "http://sgs.teste:80"


@pytest.mark.parametrize("typed", ["1994", "13/1994", "7/1994", "00/2000", "07/94", "07/1900", "x"])
def test_a_month_that_is_none_is_refused(typed):
    with pytest.raises(DomainError, match="07/1994"):
        p.FIRST_MONTH.kind.parse(typed)


def test_a_month_is_shown_as_it_is_typed():
    kind = p.FIRST_MONTH.kind

    assert kind.parse(kind.show(date(2001, 3, 1))) == date(2001, 3, 1)


def test_a_stored_value_that_no_longer_parses_is_told_by_its_name(in_scope):
    ParameterValue.objects.create(
        agency=in_scope, section=p.SECTION, key="sgs_first_month", value="ontem"
    )

    with pytest.raises(ConfigError, match="Ler índices desde"):
        load_config(in_scope)


def test_each_agency_has_its_own(in_scope, point, other_agency):
    point(in_scope, "http://sgs.teste")

    with scope(agency=other_agency):
        assert load_config(other_agency).api_url == "https://api.bcb.gov.br"
