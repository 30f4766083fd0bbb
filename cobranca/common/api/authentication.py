"""Who calls: a program by its token, or a page of ours by its session."""

from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox import auth as knox
from rest_framework import authentication, exceptions
from rest_framework.request import Request


class TokenAuthentication(knox.TokenAuthentication):
    """Header `Authorization: Token …`."""

    def authenticate_credentials(self, token: bytes) -> Any:
        """Look the token up; what cannot be one is refused like a wrong one."""
        if not token.isascii():
            raise exceptions.AuthenticationFailed("Token inválido.")
        return super().authenticate_credentials(token)


class SessionAuthentication(authentication.SessionAuthentication):
    """The session of someone signed in, with its CSRF token on whatever is not a read."""

    def enforce_csrf(self, request: Request) -> None:
        """Say in Portuguese what is missing."""
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied as error:
            message = "Falta o token CSRF da sessão (cabeçalho X-CSRFToken)."
            raise exceptions.PermissionDenied(message) from error


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Describes the token in the schema."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return OpenAPI's words for it."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token …`, com a palavra Token antes. Quem cria: "
            "`python manage.py create_api_token --user NOME`.",
        }


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Describes the session in the schema."""

    target_class = SessionAuthentication
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return OpenAPI's words for it."""
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
