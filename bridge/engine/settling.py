"""Settling: what came of an attempt, in the words of Settled. Pure: no network, no clock."""

from dataclasses import dataclass, replace
from typing import Literal

from bridge.errors import ConnectorError, Gone, OptedOut, Rejected, Throttled, Unreachable, Unusable
from bridge.model import effects as fx
from bridge.model.effects import Outcome
from bridge.store.claim import Claimed
from bridge.store.settle import Settled

LOOK_AFTER = (3.0, 15.0, 60.0)  # seconds between looks for what may have gone out
MOST_WAIT = 60.0  # seconds between tries of what could not be reached
MOST_WAIT_TWICE = 300.0  # … of what may then stand there twice
UNUSABLE = 30.0  # seconds until a desk or account that must be mended is tried again
TOO_OLD = 12 * 3600.0  # seconds; a reply that could not be sent for so long would arrive out of place

# Doing these twice is doing them once. Nobody decides upon what came of them.
REPEATABLE = (
    fx.UpdateCard,
    fx.MarkMessage,
    fx.ShowReaction,
    fx.ShowBulletin,
    fx.EditPost,
    fx.TellPrivately,
    fx.RemoveThread,
    fx.FetchMedia,
    fx.Notify,
    fx.Erase,
)


@dataclass(frozen=True, slots=True)
class Result:
    """It happened: what the platform or provider calls it."""

    refs: tuple[str, ...] = ()
    segments: int | None = None


def done(claim: Claimed, result: Result, now: float) -> Settled:
    """It happened."""
    if isinstance(claim.effect.body, REPEATABLE):
        return Settled(claim, "done")
    outcome = Outcome(
        claim.effect, "done", now, refs=result.refs, segments=result.segments, merged=claim.merged
    )
    return Settled(claim, "done", outcome)


def final(
    claim: Claimed, state: Literal["failed", "unsure"], now: float, reason: str, code: str | None = None
) -> Settled:
    """It failed for good, or nobody can tell whether it happened: a decision follows."""
    outcome = Outcome(claim.effect, state, now, code=code, reason=reason, merged=claim.merged)
    return Settled(claim, state, outcome, error=reason, code=code)


def refused(claim: Claimed, now: float) -> Settled:
    """A text that must not go any more, for what its recipient said or staff decided while it waited."""
    return final(claim, "failed", now, claim.refused, "opted_out")


def not_found(claim: Claimed, now: float) -> Settled:
    """It was looked for and is not there. After the last look it surely did not happen.

    A try that follows and stays in doubt is looked for as often as the first one.
    """
    look = claim.looks % len(LOOK_AFTER)
    if look + 1 < len(LOOK_AFTER):
        again = now + LOOK_AFTER[look + 1]
        return Settled(claim, "doubtful", again_at=again, looked=True, error="being looked for")
    return Settled(claim, "open", looked=True, error="looked for, and surely not there")


def to_be_looked_for(claim: Claimed, error: ConnectorError, now: float) -> Settled:
    """It may have happened, and somebody can be asked in a moment."""
    return Settled(claim, "doubtful", again_at=now + LOOK_AFTER[0], error=error.reason, code=error.code)


def to_be_repeated(claim: Claimed, error: ConnectorError, now: float) -> Settled:
    """It may have happened, and once more does no harm, or less than never, after a while."""
    twice = isinstance(claim.effect.body, fx.OpenThread | fx.PostToThread)
    again = now + _backoff(claim, MOST_WAIT_TWICE if twice else MOST_WAIT)
    return Settled(claim, "doubtful", again_at=again, error=error.reason, code=error.code)


def failed(claim: Claimed, error: ConnectorError, now: float) -> Settled:
    """It did not happen, or may not have: what each error of a connector means for its effect."""
    body, reason, code = claim.effect.body, error.reason, error.code
    match error:
        case Throttled() | Unusable():
            mend = isinstance(error, Unusable)
            until = now + (UNUSABLE if isinstance(error, Unusable) else error.after)
            still: Literal["doubtful", "open"] = "doubtful" if claim.doubtful else "open"
            return Settled(claim, still, error=reason, code=code, close_meter_until=until, unusable=mend)
        case Gone() if isinstance(body, fx.RemoveThread):
            return Settled(claim, "done")
        case Gone() if isinstance(body, fx.MarkMessage | fx.ShowReaction | fx.EditPost | fx.TellPrivately):
            return Settled(claim, "cancelled", error=reason, code=code)  # a message went, no thread
        case Rejected() if isinstance(body, REPEATABLE) and not isinstance(error, Gone):
            return Settled(claim, "cancelled", error=reason, code=code)
        case Rejected():
            settled = final(claim, "failed", now, reason, code)
            assert settled.outcome is not None
            outcome = replace(
                settled.outcome,
                opted_out=isinstance(error, OptedOut),
                gone=isinstance(error, Gone),
                retry_helps=False,
            )
            return replace(settled, outcome=outcome)
        case Unreachable():
            return _later(claim, error, now)
        case _:  # it may have happened, and nobody can be asked
            return Settled(claim, "doubtful", error=reason, code=code)


def _later(claim: Claimed, error: Unreachable, now: float) -> Settled:
    if claim.doubtful:
        return Settled(claim, "doubtful", again_at=now + LOOK_AFTER[1], error=error.reason)
    if isinstance(claim.effect.body, fx.SendSms) and now - claim.first_tried_at > TOO_OLD:
        return final(claim, "failed", now, f"It could not be sent for 12 hours: {error.reason}")
    return Settled(
        claim, "open", again_at=now + _backoff(claim, MOST_WAIT), error=error.reason, code=error.code
    )


def _backoff(claim: Claimed, most: float) -> float:
    """Give the seconds until the next try: 1, 2, 4 … up to the most."""
    return float(min(2.0 ** min(claim.attempts, 20), most))
