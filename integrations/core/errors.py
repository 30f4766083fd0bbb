"""Three kinds of failure decide what happens next (architecture.md, section 3)."""


class IntegrationError(Exception):
    """A call to another system failed. `message` is Portuguese and safe to show.

    `detail` is for the log, in English, without secrets or personal data.
    """

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail


class RetryableError(IntegrationError):
    """Try later: the network, the provider's load, a budget that refills.

    `retry_after` is how long the provider asked to be left alone, in seconds.
    """

    def __init__(self, message: str, detail: str = "", retry_after: float | None = None) -> None:
        super().__init__(message, detail)
        self.retry_after = retry_after


class BudgetError(RetryableError):
    """The tenant's calls for this minute or day are spent."""


class PermanentError(IntegrationError):
    """Look at the data: this row or answer makes no sense and will not make sense again."""


class ConfigError(IntegrationError):
    """Look at the settings: credentials, address, permissions."""


class NotGrantedError(ConfigError):
    """The provider refuses one resource (403); the rest of the connection may work."""

    def __init__(self, message: str, resource: str, detail: str = "") -> None:
        super().__init__(message, detail)
        self.resource = resource
