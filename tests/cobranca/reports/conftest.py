"""Books that tests of this room look at."""

import pytest

from cobranca.accounts.models import Agency
from tests.cobranca.reports.books import Book, make_book


@pytest.fixture
def book(agency: Agency, in_scope: Agency) -> Book:
    return make_book(agency, seed=7, contracts=6)
