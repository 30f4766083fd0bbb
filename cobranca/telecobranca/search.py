"""What a collector types: the search over debtors' summaries, which the REST API uses as well."""

from cobranca.debtors.search import exact_query, parse, prefix_query

__all__ = ["exact_query", "parse", "prefix_query"]
