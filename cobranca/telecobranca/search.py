"""What a collector types: the search over debtors' summaries, which the REST API uses as well."""

from cobranca.debtors.search import Typed, exact_query, parse, prefix_query, typed

__all__ = ["Typed", "exact_query", "parse", "prefix_query", "typed"]
