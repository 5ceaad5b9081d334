"""How we know that somebody agreed: one page for whoever asks, in plain words."""

from collections.abc import Sequence

from bridge.model.address import show
from bridge.model.decision import Organisation
from bridge.model.nouns import Consent
from bridge.render import words, words_consent
from bridge.render.times import typed

Texts = Sequence[tuple[str, int, float, float]]  # kind, how many, the first and the last (Unix seconds)


def page(
    ours: Organisation, address: str, state: str, lines: Sequence[Consent], texts: Texts, now: float
) -> list[str]:
    """Write the page, a paragraph an entry: what holds, every line of the ledger, what was sent."""
    number, zone = show(address, ours.region), ours.timezone
    made = [
        words_consent.PAGE_TITLE.format(organisation=ours.name, number=number),
        words_consent.PAGE_MADE.format(when=f"{typed(now, zone)} ({zone})"),
        words_consent.PAGE_NOW.format(state=state[:1].lower() + state[1:]),
        words_consent.PAGE_LEDGER,
    ]
    made += [line(one, zone) for one in lines] or [words_consent.PAGE_NOTHING]
    made.append(words_consent.PAGE_TEXTS)
    made += [
        words_consent.PAGE_TEXT_LINE.format(
            kind=words.KINDS.get(kind, kind), count=count, first=typed(first, zone), last=typed(last, zone)
        )
        for kind, count, first, last in texts
    ] or [words_consent.PAGE_NO_TEXTS]
    return made


def line(one: Consent, zone: str) -> str:
    """Write a line of the ledger: when, what, about which texts, how we know."""
    about = words_consent.ALL_TEXTS if one.scope == "all" else words_consent.LIST.format(list=one.scope)
    what = words_consent.EVENTS.get(one.event, one.event)
    how = words_consent.SOURCES.get(one.source, one.source)
    parts = [f"{typed(one.at, zone)} · {what} ({about}), {how}"]
    if one.words:
        parts.append(words_consent.THEIR_WORDS.format(words=one.words))
    if one.matched_by:
        parts.append(words_consent.BECAUSE.format(reason=one.matched_by))
    if one.actor:
        parts.append(words_consent.BY.format(name=one.actor))
    if one.message_id:
        parts.append(words_consent.MESSAGE.format(id=one.message_id))
    return "\n    ".join(parts)
