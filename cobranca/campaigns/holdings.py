"""What calculations hold about persons."""

from cobranca.debtors.holdings import DataClass, Holding, OnMerge, hold, keep_out


def install() -> None:
    """Make it known. A quote is money and rules, bound to its fingerprint: nothing is erased."""
    hold(
        Holding(
            "campaigns.quote",
            DataClass.AGREEMENT,
            on_merge=OnMerge.MOVES,
            contract="agreement__items__contract",
            hidden=("agency", "inputs", "statement", "fingerprint"),
        ),
        Holding(
            "campaigns.erpbalance", DataClass.DEBT, owner="contract__debtor", hidden=("agency",)
        ),
    )
    names = ("campaign", "cashbracket", "instalmentbracket", "indexseries")
    keep_out(
        DataClass.SETTINGS,
        *(f"campaigns.{name}" for name in names),
        *(f"campaigns.historical{name}" for name in names),
        "campaigns.indexvalue",
    )
