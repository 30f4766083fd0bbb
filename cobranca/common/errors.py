"""What can go wrong, sorted by what happens next."""


class DomainError(Exception):
    """A rule was broken; the message is Portuguese and safe to show.

    `field` names the input at fault, when one is.
    """

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotFoundError(DomainError):
    """The thing asked for does not exist for this agency."""
