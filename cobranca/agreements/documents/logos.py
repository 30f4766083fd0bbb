"""A creditor's logo as documents show it."""

from io import BytesIO

import structlog

from cobranca.creditors.models import Creditor

logger = structlog.get_logger(__name__)

# Shown at most 55 × 18 mm: 300 points an inch are enough for paper.
LARGEST = (650, 213)
# What a picture of this many points takes in memory while it is read is still little.
MOST_POINTS = 16_000_000


def logo_of(creditor: Creditor) -> bytes | None:
    """Return the logo as a PNG small enough for paper; None without one or with a broken one.

    Drawn anew, so that nothing but its points reaches the document.
    """
    name = creditor.logo.name
    if not name:
        return None
    try:
        with creditor.logo.storage.open(name, "rb") as file:
            return _redrawn(file.read())
    except Exception as error:  # noqa: BLE001  a file somebody uploaded: a reader may raise anything
        logger.warning("documents.logo", creditor=creditor.pk, error=type(error).__name__)
        return None


def _redrawn(content: bytes) -> bytes:
    from PIL import Image

    given = Image.open(BytesIO(content), formats=["PNG", "JPEG", "WEBP"])
    if given.width * given.height > MOST_POINTS:
        raise ValueError("too many points")
    picture = given.convert("RGBA")
    picture.thumbnail(LARGEST)
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture.getchannel("A"))
    written = BytesIO()
    paper.save(written, "PNG", optimize=True)
    return written.getvalue()
