"""Text as people type it, made comparable."""

import unicodedata

# The same table serves SQL (translate) and Python, so that both normalise alike.
ACCENTED = "áàâãäåéèêëíìîïóòôõöúùûüçñýÿ"
PLAIN = "aaaaaaeeeeiiiiooooouuuucnyy"


def plain(text: str) -> str:
    """Return `text` lower case, without accents, with single blanks."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def digits(text: str) -> str:
    """Return only the digits of `text`."""
    return "".join(c for c in text if c.isdigit() and c.isascii())
