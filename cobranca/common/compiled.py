"""Templates that Jinja2 compiles to Python: the parts of the page that collectors open all day.

They lie in templates/compiled/ and use the same filters and icons as the others; decision 0011
says why there are two kinds. `{% compiled "…" %}` puts one into a Django template.
"""

from typing import Any

from django.template import defaultfilters, engines
from django.template.library import import_library
from jinja2 import ChainableUndefined, Environment

from cobranca.common.templatetags import ui
from cobranca.common.templatetags.steady import path_to

# Whose filters these templates may use: the product's, and a few of Django's.
LIBRARIES = ("br", "ui", "desk")
FROM_DJANGO = ("linebreaksbr", "pluralize", "truncatechars")


def environment(**options: Any) -> Environment:
    """Return what compiles them. What is not there is nothing, as in Django's templates."""
    options.pop("autoescape", None)
    options |= {"undefined": ChainableUndefined, "trim_blocks": True, "lstrip_blocks": True}
    made = Environment(autoescape=True, **options)
    django: Any = engines["django"]
    known = django.engine.libraries
    made.filters.update({name: defaultfilters.register.filters[name] for name in FROM_DJANGO})
    for name in LIBRARIES:
        made.filters.update(import_library(known[name]).filters)
    made.globals.update(url=path_to, icon=ui.icon, freshness=ui.freshness)
    return made
