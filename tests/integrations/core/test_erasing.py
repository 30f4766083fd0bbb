"""Secrets in what other systems echo: every spelling, and halves at the end of what was cut."""

import base64
import html
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.core.erasing import Eraser

SECRET = 's3nh@ "é" ☂ / segredo99 & <x>'
CORE = "segredo99"
eraser = Eraser("usuario-api", (SECRET,))


def spelled(secret):
    plain, pair = secret.encode(), f"usuario-api:{secret}".encode()
    yield "text", secret
    yield "json", json.dumps({"x": secret})
    yield "json in json", json.dumps(json.dumps(secret))
    yield "address", f"https://erp/?p={quote(secret)}"
    yield "address, lower case", quote(secret, safe="").lower()
    yield "address twice", quote(quote(secret))
    yield "html", html.escape(secret)
    yield "wrong charset", plain.decode("latin-1")
    yield "hexadecimal", plain.hex().upper()
    for before in range(3):
        encoded = base64.b64encode(b"x" * before + plain + b"yy").decode()
        yield f"base64 after {before}", encoded
        yield f"base64 of addresses after {before}", encoded.replace("+", "-").replace("/", "_")
    yield "basic", "Basic " + base64.b64encode(pair).decode()


@pytest.mark.parametrize(
    ("name", "text"), [pytest.param(*each, id=each[0]) for each in spelled(SECRET)]
)
def test_every_spelling_is_erased(name, text):
    cleaned = eraser.clean(text)

    left = cleaned + cleaned.encode().hex()
    assert CORE not in left
    assert CORE.encode().hex() not in cleaned.lower()
    for before in range(3):
        inside = base64.b64encode(b"x" * before + CORE.encode()).decode()[2:-4]
        assert inside not in cleaned


@pytest.mark.parametrize("length", range(4, len(SECRET)))
def test_half_a_secret_at_the_end_of_what_was_cut_is_erased(length):
    cleaned = eraser.clean_head("resposta: " + SECRET[:length])

    assert cleaned.startswith("resposta: ")
    assert SECRET[:4] not in cleaned


def test_what_holds_no_secret_stays_as_it_is():
    text = '{"results": [{"id": 1, "name": "MARIA"}], "total": 1234.10}'

    assert eraser.clean_head(text) == text
    assert Eraser("u", ()).clean_head(text) == text


@given(st.text(min_size=1), st.text(), st.text())
def test_no_secret_survives_whatever_it_is(secret, before, after):
    if secret in "•":
        return

    assert secret not in Eraser("u", (secret,)).clean(before + secret + after).replace("•••", "\1")
