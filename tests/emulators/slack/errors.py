"""What the emulated Web API can refuse with, and what a person in front of Slack can run into."""

from __future__ import annotations

from typing import Any


class SlackError(Exception):
    """An `ok: false` answer.

    `violation=True` marks what a correct client never does (a wrong argument, a block that is too long), as
    opposed to what may happen to anybody (a channel that was archived): only the former is held against it.
    """

    def __init__(self, code: str, *details: str, violation: bool = False, **extra: Any) -> None:
        super().__init__(code, *details)
        self.code = code
        self.details = list(details)
        self.violation = violation
        self.extra = extra

    def answer(self) -> dict[str, Any]:
        """Return the body that Slack would send."""
        body: dict[str, Any] = {"ok": False, "error": self.code, **self.extra}
        if self.details:
            body["errors"] = self.details
            body["response_metadata"] = {"messages": [f"[ERROR] {detail}" for detail in self.details]}
        return body


def bad_arguments(*details: str) -> SlackError:
    """Return the error for a request that no correct client makes."""
    return SlackError("invalid_arguments", *details, violation=True)


class NoAckError(Exception):
    """Nobody acknowledged a click, command or form within the time limit: the person sees a warning sign."""


class CannotDoError(Exception):
    """A person tried what Slack's own user interface does not offer (an unknown button, an empty field)."""
