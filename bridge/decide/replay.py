"""The consent ledger read from its beginning: what holds now follows from its lines alone."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bridge.model.nouns import Consent


@dataclass(slots=True)
class Standing:
    """What one person agreed to, or does not."""

    opted_out: bool = False
    unsubscribed: bool = False
    doubted: bool = False
    blocked: bool = False
    lists: set[str] = field(default_factory=set)


def replay(lines: Iterable[Consent]) -> Standing:
    """Give the standing after these lines of one person, oldest first."""
    now = Standing()
    for line in lines:
        match line.event:
            case "opt_in":
                _opted_in(now, line)
            case "opt_out" | "provider_block":
                now.lists.clear()
                now.opted_out, now.doubted = True, False
            case "doubt":
                now.doubted = line.source != "staff" and not now.opted_out
            case "left":
                now.lists.discard(line.scope)
            case _:
                _by_staff(now, line)
    return now


def _opted_in(now: Standing, line: Consent) -> None:
    """Their own word, or that an opt-out was none, lifts what stood against texts; a list that staff or a
    file put them on is that list alone."""
    if line.scope != "all":
        now.lists.add(line.scope)
    if line.source in ("text", "correction"):
        now.opted_out = now.doubted = False
    if line.source == "text":
        now.unsubscribed = False


def _by_staff(now: Standing, line: Consent) -> None:
    match line.event:
        case "unsubscribed":
            now.unsubscribed = True
        case "resubscribed":
            now.unsubscribed = False
        case "blocked":
            now.blocked = True
        case "unblocked":
            now.blocked = False
        case "erased":
            now.lists.clear()
