"""Subscriptions to what happens over there."""

from integrations.sienge.rows.base import Code, SiengeRow, Text


class Hook(SiengeRow):
    """A subscription of any integration of the tenant. The token, where echoed, is not read."""

    id: Code = None
    url: Text = None
    events: list[Text] | str | None = None
