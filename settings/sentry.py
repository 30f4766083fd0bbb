"""What error reports to Sentry may carry: where something failed, never with what."""

from typing import Any

from cobranca.common.masking import mask_text


def options() -> dict[str, Any]:
    """Return how Sentry is set up. Variables hold passwords and portfolios: none are sent."""
    return {
        "include_local_variables": False,
        "max_request_body_size": "never",
        "before_send": masked,
    }


def masked(event: Any, _hint: Any) -> Any:
    """Return an event with documents and e-mails masked, and without query strings."""
    request = event.get("request", {})
    request.pop("query_string", None)
    request.pop("cookies", None)
    return _masked(event)


def _masked(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _masked(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_masked(inner) for inner in value]
    return mask_text(value) if isinstance(value, str) else value
