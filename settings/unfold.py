"""The configuration screens in the look of the desk: static/css/tokens.css says the same."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static


def _mark(request: HttpRequest) -> str:
    return static("img/mark.svg")


def _styles(request: HttpRequest) -> str:
    return static("css/admin.css")


NEUTRALS = {
    "50": "#f6f7f9",
    "100": "#f1f3f6",
    "200": "#e0e4e9",
    "300": "#cdd4dc",
    "400": "#8f9aa8",
    "500": "#5f6b7a",
    "600": "#47535f",
    "700": "#364250",
    "800": "#28313c",
    "900": "#151a21",
    "950": "#0e1217",
}
ACCENT = {
    "50": "#f3f6fe",
    "100": "#e8eefc",
    "200": "#cfdcfa",
    "300": "#b0c6fb",
    "400": "#8fb2ff",
    "500": "#6d98f8",
    "600": "#2b5cd9",
    "700": "#234db8",
    "800": "#1e4094",
    "900": "#1a2947",
    "950": "#131e36",
}

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Cobrança",
    "SITE_HEADER": "Cobrança",
    "SITE_SUBHEADER": "Cadastros",
    "SITE_URL": "/",
    "SITE_ICON": _mark,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": _mark}],
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": True,
    "BORDER_RADIUS": "6px",
    "COLORS": {
        "base": NEUTRALS,
        "primary": ACCENT,
        "font": {
            "subtle-light": NEUTRALS["500"],
            "subtle-dark": NEUTRALS["400"],
            "default-light": NEUTRALS["600"],
            "default-dark": "#b1bac6",
            "important-light": "#16202c",
            "important-dark": "#e7ebf0",
        },
    },
    "STYLES": [_styles],
    "SIDEBAR": {
        "show_search": True,
        "show_all_applications": False,
        "navigation": "cobranca.accounts.navigation.admin_sidebar",
    },
}
