"""What the work queue holds about persons."""

from cobranca.debtors.holdings import DataClass, Holding, OnMerge, hold, keep_out


def install() -> None:
    """Make it known. A place in the queue, given back, is nobody's: who held it has moved on."""
    hold(
        Holding(
            "telecobranca.queueentry",
            DataClass.WORK,
            on_merge=OnMerge.PUT_AWAY,
            restored={"held_by_id": None, "held_at": None, "held_until": None},
            hidden=("agency",),
            is_removed=True,
        ),
        Holding(
            "telecobranca.queuedraw", DataClass.WORK, on_merge=OnMerge.MOVES, hidden=("agency",)
        ),
        Holding(
            "telecobranca.contractassignment",
            DataClass.WORK,
            owner="contract__debtor",
            hidden=("agency",),
        ),
    )
    hold(
        Holding(
            "telecobranca.distributionchange",
            DataClass.WORK,
            owner="contract__debtor",
            hidden=("agency",),
        )
    )
    keep_out(DataClass.STAFF, "telecobranca.goal", "telecobranca.distribution")
    keep_out(DataClass.SETTINGS, "telecobranca.workqueue", "telecobranca.queuestate")
