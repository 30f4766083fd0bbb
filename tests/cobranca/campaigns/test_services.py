from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from cobranca.audit.models import AuditEntry
from cobranca.campaigns import services
from cobranca.campaigns.models import Campaign, CashBracket, IndexSeries, InstalmentBracket
from cobranca.campaigns.selectors import creditors_without_campaign
from cobranca.common.errors import DomainError
from tests.cobranca.campaigns.making import cash, make_campaign, parcels
from tests.factories import make_branch, make_contract_type, make_creditor

pytestmark = pytest.mark.usefixtures("in_scope")
TODAY = date(2026, 3, 10)


@pytest.fixture
def campaign(creditor):
    return make_campaign(creditor, name="Padrão")


def save(campaign, **tables):
    services.save_brackets(campaign=campaign, actor=None, **tables)


def ranges(campaign):
    return list(campaign.cash_brackets.values_list("delay_from", "delay_to"))


def changes(action):
    return AuditEntry.objects.filter(action=action).latest("pk").changes


# --- campaigns ------------------------------------------------------------------------------------


def test_a_campaign_is_saved_with_its_trail_and_its_versions(creditor, implementer):
    new = Campaign(agency=creditor.agency, creditor=creditor, name=" Padrão ", valid_from=TODAY)

    campaign = services.save_campaign(campaign=new, actor=implementer)
    campaign.priority = 5
    services.save_campaign(campaign=campaign, actor=implementer)

    assert campaign.name == "Padrão"
    assert changes("campaign.created")["vigência inicial"] == ["Vazio", "2026-03-10"]
    assert changes("campaign.saved") == {"prioridade": ["0", "5"]}
    assert campaign.history.count() == 2
    assert campaign.history.first().history_user == implementer


def test_saving_again_leaves_no_second_trail(campaign):
    services.save_campaign(campaign=campaign, actor=None)

    assert AuditEntry.objects.filter(action__startswith="campaign.").count() == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "  "}, "name"),
        ({"valid_from": None}, "valid_from"),
        ({"valid_to": date(2025, 12, 31)}, "valid_to"),
        ({"contract_type_ids": [987654]}, "contract_type_ids"),
        ({"branch_ids": [987654]}, "branch_ids"),
    ],
)
def test_a_campaign_that_makes_no_sense_is_refused_at_its_field(creditor, fields, field):
    with pytest.raises(DomainError) as refused:
        make_campaign(creditor, **fields)

    assert refused.value.field == field
    assert not Campaign.objects.exists()


def test_filters_name_what_the_creditors_contracts_may_be_of(creditor, other_agency):
    ours = make_contract_type(creditor.agency)
    general = make_contract_type(creditor.agency, "GERAL", creditor_type="")
    branch = make_branch(creditor)

    campaign = make_campaign(
        creditor, contract_type_ids=[general.pk, ours.pk, ours.pk], branch_ids=[branch.pk]
    )

    assert campaign.contract_type_ids == sorted([ours.pk, general.pk])
    assert changes("campaign.created")["filiais"] == ["Vazio", str(branch)]


def test_filters_of_others_are_refused(creditor, agency, other_agency):
    foreign_type = make_contract_type(other_agency)
    other_kind = make_contract_type(agency, "MG", creditor_type="MEGA")
    other_branch = make_branch(make_creditor(agency))

    for fields in (
        {"contract_type_ids": [foreign_type.pk]},
        {"contract_type_ids": [other_kind.pk]},
        {"branch_ids": [other_branch.pk]},
    ):
        with pytest.raises(DomainError) as refused:
            make_campaign(creditor, **fields)
        assert refused.value.field in fields


def test_what_is_another_agencys_is_refused(creditor, other_agency):
    theirs = make_creditor(other_agency)
    index = IndexSeries(agency=other_agency, name="IGP-M")
    index.save()

    for fields in ({"creditor": theirs}, {"creditor": creditor, "index": index}):
        campaign = Campaign(agency=creditor.agency, name="X", valid_from=TODAY, **fields)
        with pytest.raises(DomainError) as refused:
            services.save_campaign(campaign=campaign, actor=None)
        assert refused.value.field == list(fields)[-1]


def test_a_campaign_never_changes_its_creditor(campaign, agency):
    campaign.creditor = make_creditor(agency)

    with pytest.raises(DomainError, match="copie-a"):
        services.save_campaign(campaign=campaign, actor=None)


def test_who_saves_over_anothers_change_is_refused(campaign):
    seen_at = campaign.updated_at
    Campaign.objects.filter(pk=campaign.pk).update(updated_at=seen_at.replace(year=2030))

    for save_it in (
        lambda: services.save_campaign(campaign=campaign, actor=None, seen_at=seen_at),
        lambda: services.save_brackets(
            campaign=campaign, cash=[cash()], actor=None, seen_at=seen_at
        ),
    ):
        with pytest.raises(DomainError, match="Outra pessoa"):
            save_it()

    assert not CashBracket.objects.exists()


# --- brackets -------------------------------------------------------------------------------------


def test_a_table_is_stored_whole(campaign):
    save(campaign, cash=[cash(0, 30), cash(31, 60), cash(61, 90)])
    first, second, _ = campaign.cash_brackets.all()
    second.delay_to = 90

    save(campaign, cash=[first, second, cash(91, 120)])

    assert ranges(campaign) == [(0, 30), (31, 90), (91, 120)]
    assert campaign.cash_brackets.all()[1].pk == second.pk
    assert {row.agency_id for row in CashBracket.objects.all()} == {campaign.agency_id}


def test_a_table_not_given_stays(campaign):
    save(campaign, cash=[cash()], instalments=[parcels()])

    save(campaign, cash=[])

    assert not CashBracket.objects.exists()
    assert InstalmentBracket.objects.count() == 1


def test_an_overlap_is_refused_naming_the_other_bracket(campaign):
    with pytest.raises(services.BracketsRefusedError) as refused:
        save(campaign, cash=[cash(0, 30), cash(30, 60)])

    assert refused.value.field == "delay_from"
    assert refused.value.message == "À vista, faixa 0 a 30: Sobrepõe a faixa 30 a 60 (linha 2)."
    assert [problem.row for problem in refused.value.problems] == [0, 1]
    assert not CashBracket.objects.exists()


def test_an_overlap_in_one_table_keeps_the_other_from_being_stored(campaign):
    with pytest.raises(DomainError, match="Parcelado"):
        save(campaign, cash=[cash()], instalments=[parcels(), parcels(parts=(180, 180))])

    assert not CashBracket.objects.exists()


def test_brackets_of_disjoint_filters_may_share_a_range(campaign, creditor):
    kinds = [make_contract_type(creditor.agency, code).pk for code in "AB"]

    save(campaign, cash=[cash(contract_type_ids=[kinds[0]]), cash(contract_type_ids=[kinds[1]])])

    assert len(ranges(campaign)) == 2


def test_a_filter_of_another_creditor_is_refused_at_its_field(campaign, agency):
    branch = make_branch(make_creditor(agency))

    with pytest.raises(DomainError) as refused:
        save(campaign, cash=[cash(branch_ids=[branch.pk])])

    assert refused.value.field == "branch_ids"


def test_a_bracket_of_another_campaign_is_not_moved(campaign, creditor):
    other = make_campaign(creditor)
    save(other, cash=[cash()])

    with pytest.raises(DomainError, match="Faixa desconhecida"):
        save(campaign, cash=[other.cash_brackets.get()])

    assert other.cash_brackets.count() == 1


def test_every_change_of_a_bracket_is_in_the_trail(campaign, implementer):
    save(campaign, cash=[cash(0, 30, fee_percent=Decimal(10)), cash(31, 60)])
    first, second = campaign.cash_brackets.all()
    first.fee_percent, first.delay_to = Decimal("12.5"), 29

    services.save_brackets(campaign=campaign, cash=[first, cash(61, 90)], actor=implementer)

    told = changes("campaign.brackets_saved")
    assert told["À vista 0 a 30 · honorários (%)"] == ["10,00", "12,50"]
    assert told["À vista 0 a 30 · atraso até"] == ["30", "29"]
    assert told["À vista 61 a 90"] == ["Vazio", "multa (%) 2,00; juros ao mês (%) 1,00"]
    assert told["À vista 31 a 60"] == ["multa (%) 2,00; juros ao mês (%) 1,00", "Vazio"]
    assert first.history.count() == 2
    assert CashBracket.history.filter(id=second.pk, history_type="-").exists()


def test_a_table_saved_as_it_is_changes_nothing(campaign):
    save(campaign, cash=[cash(0, 30)])
    before = Campaign.objects.get(pk=campaign.pk).updated_at

    save(campaign, cash=list(campaign.cash_brackets.all()))

    assert Campaign.objects.get(pk=campaign.pk).updated_at == before
    assert AuditEntry.objects.filter(action="campaign.brackets_saved").count() == 1
    assert campaign.cash_brackets.get().history.count() == 1


def test_the_database_itself_refuses_a_range_that_is_none(campaign):
    for bad in (cash(31, 30), cash(-10000, 0), parcels(parts=(1, 2)), parcels(parts=(2, 181))):
        bad.agency, bad.campaign = campaign.agency, campaign
        with pytest.raises(IntegrityError), transaction.atomic():
            bad.save()


# --- copies, removal ------------------------------------------------------------------------------


def copied(campaign, creditor, name="Cópia"):
    return services.copy_campaign(
        campaign=campaign,
        creditor=creditor,
        name=name,
        validity=(TODAY, None),
        is_active=False,
        actor=None,
    )


def test_a_copy_has_the_same_brackets_and_its_own_name_and_validity(campaign, creditor):
    branch = make_branch(creditor)
    save(campaign, cash=[cash(0, 30, branch_ids=[branch.pk])], instalments=[parcels(0, 30)])

    copy = copied(campaign, creditor)

    assert (copy.name, copy.valid_from, copy.is_active) == ("Cópia", TODAY, False)
    assert copy.cash_brackets.get().branch_ids == [branch.pk]
    assert (copy.instalment_brackets.get().delay_to, campaign.cash_brackets.count()) == (30, 1)


def test_a_copy_goes_to_another_creditor_unless_branches_are_filtered(campaign, agency, creditor):
    other = make_creditor(agency, creditor_type="SIENGE", external_code="2")
    save(campaign, cash=[cash(0, 30)])

    assert copied(campaign, other).cash_brackets.count() == 1

    save(campaign, cash=[cash(0, 30, branch_ids=[make_branch(creditor).pk])])
    with pytest.raises(DomainError, match="filtros por filial"):
        copied(campaign, other, "Outra")


def test_a_copy_needs_a_name_of_its_own(campaign, creditor):
    with pytest.raises(DomainError) as refused:
        copied(campaign, creditor, "Padrão")

    assert refused.value.field == "name"


def test_a_campaign_is_deleted_until_a_quote_names_it(campaign, creditor):
    save(campaign, cash=[cash()])
    used = make_campaign(creditor)
    services.mark_used([used.pk])

    services.delete_campaign(campaign=campaign, actor=None)
    with pytest.raises(DomainError, match="inative-a"):
        services.delete_campaign(campaign=used, actor=None)

    assert list(Campaign.objects.all()) == [used]
    assert AuditEntry.objects.filter(action="campaign.deleted").exists()


def test_an_old_form_does_not_unmark_a_used_campaign(campaign):
    services.mark_used([campaign.pk])
    campaign.is_used = False

    services.save_campaign(campaign=campaign, actor=None)

    assert Campaign.objects.get().is_used


# --- which creditors lack one ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "rows"),
    [
        ({"is_active": False}, [cash()]),
        ({"valid_to": date(2026, 3, 9)}, [cash()]),
        ({"valid_from": date(2026, 3, 11)}, [cash()]),
        ({}, []),
    ],
)
def test_a_creditor_needs_a_valid_campaign_with_brackets(agency, creditor, fields, rows):
    campaign = make_campaign(creditor, **fields)
    save(campaign, cash=rows)
    make_creditor(agency, is_active=False)

    assert list(creditors_without_campaign(agency, TODAY)) == [creditor]

    served = make_campaign(creditor, valid_to=TODAY)
    save(served, cash=[cash()])
    assert not creditors_without_campaign(agency, TODAY)
