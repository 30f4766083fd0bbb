"""Looking at PDF documents: what they say, page by page, and where it stands."""

from decimal import Decimal
from io import BytesIO

import pypdfium2 as pdfium
from django.core.files.base import ContentFile
from PIL import Image

from cobranca.agreements.documents import Document, term
from cobranca.agreements.models import Agreement
from cobranca.campaigns.models import Campaign
from cobranca.creditors.models import Creditor
from tests import factories
from tests.cobranca.agreements.making import CEILINGS, TODAY

# Nothing is printed nearer to the edge of the paper (points; 5 mm).
EDGE = 14
# How far boxes of text may touch each other before one is over the other (points).
TOUCH = 1.0
Box = tuple[float, float, float, float]


def pages_of(document: Document) -> list[str]:
    """Return the text of each page, in reading order, blanks made single."""
    pdf = pdfium.PdfDocument(document.pdf())
    texts = [page.get_textpage().get_text_range() for page in pdf]
    pdf.close()
    return [" ".join(text.split()) for text in texts]


def text_of(document: Document) -> str:
    """Return all of a document's text."""
    return " ".join(pages_of(document))


def faults_of(document: Document) -> list[str]:
    """Return what stands too near the edge of the paper, and what is printed over something."""
    pdf = pdfium.PdfDocument(document.pdf())
    faults = []
    for number, page in enumerate(pdf, start=1):
        width, height = page.get_size()
        boxes = _boxes(page.get_textpage())
        for box in boxes:
            left, bottom, right, top = box
            if left < EDGE or bottom < EDGE or right > width - EDGE or top > height - EDGE:
                faults.append(f"page {number}: {box} is off the paper")
        faults += [f"page {number}: {one} over {other}" for one, other in _overlaps(boxes)]
    pdf.close()
    return faults


def _boxes(text: pdfium.PdfTextPage) -> list[Box]:
    return [text.get_rect(index) for index in range(text.count_rects())]


def _overlaps(boxes: list[Box]) -> list[tuple[Box, Box]]:
    ordered = sorted(boxes)
    found = []
    for place, one in enumerate(ordered):
        for other in ordered[place + 1 :]:
            if other[0] > one[2]:
                break
            wide = min(one[2], other[2]) - max(one[0], other[0])
            high = min(one[3], other[3]) - max(one[1], other[1])
            if wide > TOUCH and high > TOUCH:
                found.append((one, other))
    return found


def is_drawn_on(document: Document) -> bool:
    """Tell whether the first page has a picture."""
    pdf = pdfium.PdfDocument(document.pdf())
    kinds = {each.type for each in pdf[0].get_objects()}
    pdf.close()
    return pdfium.raw.FPDF_PAGEOBJ_IMAGE in kinds


def picture(kind: str = "PNG", size: tuple[int, int] = (600, 180)) -> bytes:
    """Return a logo as its creditor uploads it."""
    written = BytesIO()
    Image.new("RGB", size, "navy").save(written, kind)
    return written.getvalue()


def furnish(creditor: Creditor) -> Campaign:
    """Give a creditor an address and a logo; 2 %, 1 % a month, 10 %; parcels at 1 % a month."""
    creditor.legal_name, creditor.trade_name = "Horizonte Incorporadora SPE Ltda", "Horizonte"
    creditor.street, creditor.street_number = "Rua Bocaiúva", "2468"
    creditor.city, creditor.state, creditor.postal_code = "Florianópolis", "SC", "88015530"
    creditor.logo.save("marca.png", ContentFile(picture()))
    campaign = factories.make_campaign(creditor, name="Padrão")
    factories.make_cash_bracket(campaign, **CEILINGS)
    factories.make_instalment_bracket(campaign, **CEILINGS, monthly_rate_percent=Decimal(1))
    return campaign


def term_of(agreement: Agreement) -> Document:
    """Return the term of an agreement as it is now, issued today."""
    return term(Agreement.objects.get(pk=agreement.pk), on=TODAY)


def money(value: Decimal) -> str:
    return f"{value:,.2f}".translate(str.maketrans(",.", ".,"))
