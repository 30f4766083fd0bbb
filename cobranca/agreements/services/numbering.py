"""Numbers of agreements: 1, 2, 3… in each agency, none twice, none left out."""

from django.db.models import Max

from cobranca.accounts.models import Agency
from cobranca.agreements.models import Agreement


def next_number(agency_id: int) -> int:
    """Return the number of the agency's next agreement; call it in the transaction that saves it.

    The agency's row is locked until then, so that two at once never get the same number; one that
    is undone leaves no gap. FOR NO KEY UPDATE: rows that refer to the agency need not wait.
    """
    Agency.objects.select_for_update(no_key=True).get(pk=agency_id)
    last = Agreement.objects.filter(agency=agency_id).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1
