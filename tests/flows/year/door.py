"""The office's real door for webhooks, open on a port: Django's own WSGI application, served."""

from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from django.core.handlers.wsgi import WSGIHandler
from django.db import connections

from tests.serving import Served


class _Handler(WSGIRequestHandler):
    def address_string(self) -> str:
        return str(self.client_address[0])

    def log_message(self, format: str, *args: Any) -> None:
        """Stay silent."""


class Door(Served):
    """Serves from one thread, which keeps one database connection, until left."""

    def __init__(self) -> None:
        server = WSGIServer(("127.0.0.1", 0), _Handler)
        server.set_app(WSGIHandler())
        super().__init__(server)

    def serve(self) -> None:
        try:
            super().serve()
        finally:
            connections.close_all()
