"""A whole portfolio priced at once, to the same centavos as one debtor at the desk."""

from cobranca.campaigns.bulk.pricing import BulkQuote, bulk_quote

__all__ = ["BulkQuote", "bulk_quote"]
