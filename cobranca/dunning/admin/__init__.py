"""Configuration screens of this room, by subject."""

from cobranca.dunning.admin import law, results

__all__ = ["law", "results"]
