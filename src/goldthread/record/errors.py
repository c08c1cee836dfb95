"""What actions say when they cannot do what was asked. Each message is a sentence for the person who asked."""


class Refused(Exception):
    """It cannot be done, and why; nothing was changed."""


class NotYours(Refused):
    """Somebody else may decide or do this; the message says who."""


class AlreadyEnded(Refused):
    """It has been decided, kept or withdrawn already; the message says by whom and when."""


class Invalid(Refused):
    """A field cannot be used: which, what is wrong and what would be right."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
