"""What can go wrong on the way out or in. One small tree:

    ConnectorError            certain: do we know that it did not happen?
    ├── BadSignature          the request is not from the provider
    ├── Unreadable            it is, but cannot be read
    ├── Rejected              refused for good: code, and the reason in words
    │   ├── OptedOut          … because the provider holds a block for this recipient
    │   └── Gone              … because the thread or message is no longer there
    ├── Throttled             not now: again after so many seconds
    ├── Unusable              nothing goes until somebody mends the account, the right, the channel
    ├── Unreachable           it surely did not happen; again later
    └── Unsure                it may have happened (certain=False)

Connectors raise them; only bridge.engine.deliver and bridge.engine.receive catch them; only
bridge.decide chooses what happens then. A reason never holds a secret or a person's words.
"""


class ConnectorError(Exception):
    """Something went wrong between us and a provider or chat."""

    certain = True

    def __init__(self, reason: str, code: str | None = None) -> None:
        """reason: what happened, in words that staff read; code: the provider's, where it has one."""
        super().__init__(reason)
        self.reason = reason
        self.code = code


class BadSignature(ConnectorError):
    """The request is not signed by whom it says it is from."""


class Unreadable(ConnectorError):
    """The request is signed rightly, and cannot be read."""


class Rejected(ConnectorError):
    """Refused for good; trying again unchanged cannot help."""


class OptedOut(Rejected):
    """The provider does not let us text this recipient: they opted out there."""


class Gone(Rejected):
    """The thread or message that this was for is no longer there."""


class Throttled(ConnectorError):
    """Too fast. It was not done; the meter closes until then."""

    def __init__(self, after: float, reason: str = "asked to slow down", code: str | None = None) -> None:
        """after: seconds until the next try may be made."""
        super().__init__(reason, code)
        self.after = after


class Unusable(ConnectorError):
    """The account, the right or the channel is not there: nothing goes until somebody mends it.

    The reason says how. What waits is kept.
    """


class Unreachable(ConnectorError):
    """It surely did not happen: no connection, or an answer that says so. Again later."""


class Unsure(ConnectorError):
    """It may have happened: the answer was lost, late, or told of an inner fault."""

    certain = False
