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


class TooManyAtOnceError(PermanentError):
    """So much is not read in one go, just now: ask for fewer of them."""


class RefusedError(PermanentError):
    """The provider understood a write and said no: nothing was done. `message` has its words."""

    def __init__(self, message: str, detail: str = "", http_status: int = 0) -> None:
        super().__init__(message, detail)
        self.http_status = http_status


class UnknownOutcomeError(RetryableError):
    """A write left and no readable answer came: the provider may have done it. Ask it first."""


class ConfigError(IntegrationError):
    """Look at the settings: credentials, address, permissions."""


class CredentialsError(ConfigError):
    """The provider does not accept the user or the password (401)."""


class UnreachableError(RetryableError):
    """No connection could be made: the other resources of this provider will not answer either."""


class NotGrantedError(ConfigError):
    """The provider refuses one resource (403); the rest of the connection may work."""

    def __init__(self, message: str, resource: str, detail: str = "") -> None:
        super().__init__(message, detail)
        self.resource = resource
