"""What the page is given, as JSON. Addresses of media stay here: the page knows files by their ids."""

from collections.abc import Sequence

from bridge.model.address import show
from bridge.model.nouns import Media, ThreadNote
from bridge.model.shapes import Button, Card, Post
from bridge.ports import Entry, Opened, Row
from bridge.render import words
from bridge.render.tapbacks import Meant, meant
from connectors.chat.web.whispers import Whisper

Shown = dict[str, object]


def row(r: Row, region: str) -> Shown:
    """Show a conversation of the list."""
    return {
        "thread": r.thread,
        "line": r.line,
        "name": show(r.name, region),
        "number": show(r.number, region),
        "last_text": r.last_text[:300],
        "last_at": r.last_at,
        "unread": r.unread,
        "state": r.state,
        "waiting_since": r.waiting_since,
        "opted_out": r.opted_out,
        "assigned_to": r.assigned_to,
    }


def media(m: Media) -> Shown:
    """Show a picture or file."""
    return {"id": m.id, "type": m.content_type, "name": m.name, "size": m.size}


def entry(e: Entry) -> Shown:
    """Show a message."""
    return {
        "id": e.id,
        "direction": e.direction,
        "kind": e.kind,
        "text": e.text,
        "at": e.at,
        "author": e.author,
        "state": e.state,
        "error": e.error,
        "media": [media(m) for m in e.media],
        "segments": e.segments,
        "credits": e.credits,
        "reason": e.reason,
        "hold_until": e.hold_until,
        "hidden": e.hidden,
        "desk": e.desk,
        "ref": e.ref,
    }


def _with_reactions(entries: Sequence[Entry]) -> list[Shown]:
    """Show the messages, each with the tapbacks that mean it."""
    texts = [Meant(e.id, e.text, bool(e.media)) for e in reversed(entries) if e.direction == "out"]
    stands: dict[str, str] = {}
    for e in entries:
        found = meant(e.tapback.target, texts) if e.tapback else None
        if e.tapback is not None and found is not None:
            stands[found] = "" if e.tapback.removed else e.tapback.emoji
    return [entry(e) | {"reactions": [stands[e.id]] if stands.get(e.id) else []} for e in entries]


def button(b: Button) -> Shown:
    """Show something to press."""
    return {
        "action": b.action,
        "label": b.label,
        "value": b.value,
        "danger": b.danger,
        "confirm": b.confirm,
    }


def card(c: Card) -> Shown:
    """Show who this is."""
    return {
        "title": c.title,
        "facts": [{"label": label, "value": value} for label, value in c.facts],
        "notice": c.notice,
        "buttons": [button(b) for b in c.buttons],
        "menu": [button(b) for b in c.menu],
        "closed": c.closed,
    }


def post(p: Post) -> Shown:
    """Show a notice."""
    return {
        "head": "" if p.head == words.NOTICE else p.head,
        "body": p.body,
        "style": p.style,
        "foot": p.foot,
        "buttons": [button(b) for b in p.buttons],
        "media": list(p.media),
    }


def note(n: ThreadNote) -> Shown:
    """Show a notice in its place."""
    return {"ref": n.ref, "at": n.at, **post(n.post)}


def whisper(w: Whisper) -> Shown:
    """Show a word to one person."""
    return {"number": w.number, "thread": w.thread, "ref": w.ref, **post(w.post)}


def opened(o: Opened, region: str, now: float) -> Shown:
    """Show a whole thread; now lets the page count down by our clock."""
    return {
        "row": row(o.row, region),
        "card": card(o.card),
        "entries": _with_reactions(o.entries),
        "notes": [note(n) for n in o.notes],
        "hidden": o.hidden,
        "long_messages": o.long_messages,
        "max_chars": o.max_chars,
        "has_more": o.has_more,
        "now": now,
    }
