"""A request reads a section of parameters once, and never an old one."""

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cobranca.common.remembering import remembering
from cobranca.creditors import services
from cobranca.creditors.selectors import values_of
from integrations.sienge import parameters as p


def user_of(agency):
    return values_of(p.SECTION, agency=agency)[p.USER]


def rename(agency, name):
    services.set_parameter(p.USER, name, agency=agency, actor=None)


def test_within_a_request_a_section_is_read_once(in_scope) -> None:
    with remembering(), CaptureQueriesContext(connection) as asked:
        assert user_of(in_scope) == user_of(in_scope)

    assert len(asked) == 1


def test_outside_of_requests_nothing_is_remembered(in_scope) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert user_of(in_scope) == user_of(in_scope)

    assert len(asked) == 2


def test_the_next_request_sees_what_changed_in_between(in_scope) -> None:
    with remembering():
        user_of(in_scope)
    rename(in_scope, "outra")

    with remembering():
        assert user_of(in_scope) == "outra"


def test_the_request_that_changes_a_value_sees_it(in_scope) -> None:
    with remembering():
        user_of(in_scope)
        rename(in_scope, "outra")

        assert user_of(in_scope) == "outra"


def test_a_change_that_was_rolled_back_is_not_remembered(in_scope) -> None:
    with remembering():
        before = user_of(in_scope)
        with transaction.atomic():
            rename(in_scope, "outra")
            changed = user_of(in_scope)
            transaction.set_rollback(True)

        assert (changed, user_of(in_scope)) == ("outra", before)


def test_each_agency_and_each_creditor_has_its_own(
    in_scope, sienge_creditor, new_creditor, implementer
) -> None:
    other = services.save_creditor(creditor=new_creditor(), actor=implementer)
    services.set_parameter(
        p.IMPORT_ENTERPRISES, "S", agency=in_scope, creditor=sienge_creditor, actor=None
    )
    services.set_parameter(p.IMPORT_ENTERPRISES, "N", agency=in_scope, creditor=other, actor=None)

    with remembering():
        told = [
            values_of(p.SECTION, agency=in_scope, creditor=each)[p.IMPORT_ENTERPRISES]
            for each in (sienge_creditor, other)
        ]

    assert told == [True, False]
