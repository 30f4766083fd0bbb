"""What an agency decided about signing in."""

from cobranca.accounts.models import Agency
from cobranca.common.remembering import remembered
from cobranca.creditors.selectors import value_of
from cobranca.creditors.standard_parameters import SUPERVISORS_NEED_TWO_FACTOR


def supervisors_need_two_factor(agency: Agency) -> bool:
    """Tell whether supervisors must have a second factor, with one query a request."""
    key = ("supervisors_need_two_factor", agency.pk)
    return remembered(key, lambda: value_of(SUPERVISORS_NEED_TWO_FACTOR, agency=agency))
