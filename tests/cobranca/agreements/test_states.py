from itertools import product

import pytest

from cobranca.agreements.states import (
    LIVE,
    MOVES,
    AgreementStatus,
    ParcelStatus,
    check_move,
    check_parcel_move,
)
from cobranca.common.errors import DomainError

# AGR-04, written out: proposal → (awaiting approval) → active → paid, or breached, or cancelled.
LEGAL = {
    ("proposal", "waiting"), ("proposal", "active"), ("proposal", "cancelled"),
    ("waiting", "active"), ("waiting", "broken"), ("waiting", "cancelled"),
    ("active", "settled"), ("active", "broken"), ("active", "cancelled"),
    ("settled", "active"),
}  # fmt: skip


@pytest.mark.parametrize(("current", "target"), list(product(AgreementStatus, repeat=2)))
def test_only_the_moves_of_the_table_exist(current, target):
    if (current, target) in LEGAL:
        check_move(current, target)
        return

    with pytest.raises(DomainError, match="não pode passar a"):
        check_move(current, target)


def test_what_is_over_moves_no_more():
    assert AgreementStatus.BROKEN not in MOVES
    assert AgreementStatus.CANCELLED not in MOVES
    assert set(LIVE) == {"waiting", "active"}


def test_a_parcel_called_off_is_never_paid():
    with pytest.raises(DomainError, match="“Cancelada” e não pode passar a “Paga”"):
        check_parcel_move(ParcelStatus.CANCELLED, ParcelStatus.PAID)
