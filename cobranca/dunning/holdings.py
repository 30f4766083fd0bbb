"""What contacts hold about persons."""

from cobranca.debtors.holdings import DataClass, Holding, OnMerge, hold, keep_out

HIDDEN = ("agency",)


def install() -> None:
    """Make it known: that a contact took place stays known, what was said does not."""
    hold(
        Holding(
            "dunning.contactattempt",
            DataClass.CONTACT_LOG,
            on_merge=OnMerge.MOVES,
            contract="record__contract",
            hidden=HIDDEN,
            erased={"facts": {}, "phone": None, "email": None},
        ),
        Holding(
            "dunning.contactrecord",
            DataClass.CONTACT_LOG,
            on_merge=OnMerge.MOVES,
            contract="contract",
            hidden=HIDDEN,
            erased={"text": "", "phone": None, "email": None},
        ),
        Holding(
            "dunning.promise",
            DataClass.CONTACT_LOG,
            on_merge=OnMerge.MOVES,
            contract="contract",
            hidden=HIDDEN,
            erased={"reason": ""},
        ),
        Holding(
            "dunning.callback",
            DataClass.CONTACT_LOG,
            on_merge=OnMerge.MOVES,
            contract="record__contract",
            hidden=HIDDEN,
            erased={"note": ""},
        ),
    )
    keep_out(
        DataClass.SETTINGS,
        "dunning.contactrule",
        "dunning.legalholiday",
        "dunning.contactpolicy",
        "dunning.contactresult",
    )
