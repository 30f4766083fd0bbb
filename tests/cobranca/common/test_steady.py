"""Addresses, files and icons that are found once are the ones Django would find each time."""

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse
from hypothesis import given
from hypothesis import strategies as st

from cobranca.common.templatetags.steady import path_to

NAMES = (
    ("home", ()),
    ("telecobranca:debtor", (7,)),
    ("telecobranca:contacts", (7, "telefones")),
    ("telecobranca:installment", (12, 345)),
    ("telecobranca:change_contact", ("emails", 9)),
)


def drawn(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize(("name", "keys"), NAMES)
def test_an_address_is_djangos(name, keys):
    assert path_to(name, *keys) == reverse(name, args=keys)


@given(first=st.integers(0, 10**19), second=st.integers(0, 10**19))
def test_keys_stand_where_keys_stand(first, second):
    keys = (first, second)

    assert path_to("telecobranca:installment", *keys) == reverse(
        "telecobranca:installment", args=keys
    )


@pytest.mark.parametrize("keys", [(), (1, 2), (-1,), ("x",), (None,), (True,), (1.5,)])
def test_what_no_address_fits_is_refused_as_django_refuses_it(keys):
    with pytest.raises(NoReverseMatch):
        reverse("telecobranca:debtor", args=keys)

    with pytest.raises(NoReverseMatch):
        path_to("telecobranca:debtor", *keys)


def test_the_tag_writes_the_address_that_is_asked_for_each_time():
    template = Template("{% url 'telecobranca:debtor' pk %}")

    found = [template.render(Context({"pk": pk})) for pk in (5, 6, 5)]

    assert found == [reverse("telecobranca:debtor", args=[pk]) for pk in (5, 6, 5)]


def test_under_a_name_an_address_that_is_not_there_is_nothing():
    assert drawn("{% url 'no:such' as path %}[{{ path }}]") == "[]"


def test_the_admins_addresses_are_djangos():
    assert drawn("{% url 'admin:index' %}") == reverse("admin:index")


def test_a_name_that_comes_from_outside_is_escaped_where_the_text_is():
    path = drawn("{% url 'telecobranca:contacts' 1 'telefones' %}")

    assert path == "/telecobranca/devedores/1/telefones/"


def test_a_file_and_an_icon_are_the_same_each_time():
    template = Template("{% load ui %}{% static 'css/base.css' %} {% icon name %} {% icon 'x' %}")

    first, second = (template.render(Context({"name": name})) for name in ("copy", "phone"))

    assert (
        first.split()[0]
        == second.split()[0]
        == drawn("{% load static %}{% static 'css/base.css' %}")
    )
    assert ("#copy" in first, "#phone" in second, "#x" in second) == (True, True, True)


def test_an_icon_under_a_name_is_drawn_where_the_name_stands():
    assert (
        "#copy" in drawn("{% load ui %}{% icon 'copy' as drawn %}[{{ drawn }}]").partition("[")[2]
    )


def test_a_compiled_part_sees_what_its_page_sees_and_escapes_it():
    request = RequestFactory().get("/")
    page = "{% compiled 'telecobranca/desk/_promise.html' %}"

    nothing = drawn(page, request=request)
    part = drawn(
        "{% compiled 'telecobranca/_installment_part.html' %}",
        request=request,
        found={"rows": [], "after": "<b>"},
        contract={"pk": 1},
        part="futuras",
    )

    assert "nenhuma" in nothing
    assert "?apos=&lt;b&gt;" in part
