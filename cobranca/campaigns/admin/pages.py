"""Pages of an admin beside its own: wrapped and named as Django does with those."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path

from cobranca.common.admin import BrazilianAdmin


class PagesAdmin(BrazilianAdmin):
    """An admin with pages of its own."""

    def page(self, route: str, view: Callable[..., Any], name: str) -> URLPattern:
        """Return the address of a page; it belongs to this admin, as its form does."""

        def wrapper(request: HttpRequest, **kwargs: Any) -> Any:
            return self.admin_site.admin_view(view)(request, **kwargs)

        wrapper.model_admin = self  # type: ignore[attr-defined]
        meta = self.model._meta
        full_name = f"{meta.app_label}_{meta.model_name}_{name}"
        return path(route, update_wrapper(wrapper, view), name=full_name)

    def page_context(self, request: HttpRequest, title: str, **more: Any) -> dict[str, Any]:
        """Return what the frame around a page needs."""
        meta = self.model._meta
        return {**self.admin_site.each_context(request), "opts": meta, "title": title, **more}
