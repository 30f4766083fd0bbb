"""A kept quote can be opened and recomputed years later."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from cobranca.calc.discounts import DiscountRequest, Value
from cobranca.campaigns import replay
from cobranca.campaigns.calculation import Asked, calculate
from cobranca.campaigns.models import CashBracket, Quote
from cobranca.campaigns.quotes import difference_of, replay_since, save_quote
from cobranca.common.errors import DomainError
from cobranca.scheduling.registry import RunContext
from tests import factories

ON = date(2026, 4, 9)
NOW = datetime(2099, 1, 1, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def kept(in_scope, creditor, debtor, collector) -> Quote:
    campaign = factories.make_campaign(creditor, name="Feirão")
    factories.make_cash_bracket(campaign, max_discount_principal=Decimal(50))
    contract = factories.make_contract(creditor, debtor)
    factories.make_installment(contract, 1)
    asked = Asked(
        on=ON,
        discounts=DiscountRequest(principal=Value(Decimal("33.33"))),
        expenses=Decimal("12.34"),
    )
    return save_quote(calculate(debtor.pk, asked), debtor=debtor, actor=collector)


def test_a_quote_keeps_what_it_says(kept):
    kept.refresh_from_db()

    assert kept.total == Decimal("1112.01")  # 1133.00 - 33.33 + 12.34
    assert len(kept.fingerprint) == 64
    assert "Feirão" in str(kept.statement)


def test_a_quote_is_recomputed_to_the_cent_after_its_campaign_changed(kept):
    CashBracket.objects.update(penalty_percent=Decimal(9), max_discount_principal=Decimal(0))
    kept.refresh_from_db()

    assert difference_of(kept) == ""


def test_no_number_in_a_kept_quote_is_a_float(kept):
    kept.refresh_from_db()

    def walk(value):
        assert not isinstance(value, float)
        if isinstance(value, dict | list):
            for inner in value.values() if isinstance(value, dict) else value:
                walk(inner)

    for part in (kept.inputs, kept.result, kept.statement):
        walk(part)


def test_a_changed_record_is_found(kept):
    kept.result["totals"]["fee"] = "0.00"
    kept.save()

    assert "alterado depois de guardado" in difference_of(kept)


def context(agency) -> RunContext:
    return RunContext(
        run_id=1, agency=agency, parameters={}, due_at=datetime.now(UTC) + timedelta(hours=1),
        requested_by=None, is_ours=lambda: True,
    )  # fmt: skip


def test_the_nightly_check_reads_each_recent_quote(kept, agency):
    assert replay.run(context(agency))["checked"] == 1

    kept.refresh_from_db()
    assert kept.replayed_at is not None
    assert kept.difference == ""


def test_the_nightly_check_fails_naming_the_quotes_that_differ(kept, agency):
    Quote.objects.update(fingerprint="0" * 64)

    with pytest.raises(DomainError, match=rf"1 de 1 cálculos .*: {kept.pk}\."):
        replay.run(context(agency))

    kept.refresh_from_db()
    assert kept.difference


def test_a_check_that_was_cut_off_goes_on(kept):
    assert replay_since(LONG_AGO, now=NOW).checked == 1
    assert replay_since(LONG_AGO, now=NOW).checked == 0
