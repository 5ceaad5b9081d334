"""Nouns to rows and back: the columns bear the fields' names."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from bridge.model.effects import Effect, Priority
from bridge.model.nouns import (
    Colleague,
    Consent,
    Contact,
    Conversation,
    Keyword,
    Message,
    PostRef,
    Subscription,
    Template,
    Thread,
    ThreadNote,
    Watcher,
)
from bridge.model.outreach import (
    Bulletin,
    Campaign,
    Filling,
    Form,
    FormField,
    Poll,
    Recipient,
    Unclear,
    Vote,
)
from bridge.model.verdict import Tapback
from bridge.store import codec
from bridge.store.query import Row

_known: dict[type[Any], tuple[str, ...]] = {}


def _names(noun: type[Any]) -> tuple[str, ...]:
    if noun not in _known:
        _known[noun] = tuple(f.name for f in fields(noun))
    return _known[noun]


def plain(noun: Any) -> dict[str, Any]:
    """Give a noun's fields as they are."""
    return {name: getattr(noun, name) for name in _names(type(noun))}


def contact_row(noun: Contact) -> dict[str, Any]:
    """Write a contact."""
    return plain(noun) | {
        "fields": codec.write_value(dict(noun.fields) or None),
        "tags": codec.write_value(list(noun.tags) or None),
    }


def conversation_row(noun: Conversation) -> dict[str, Any]:
    """Write a conversation."""
    return plain(noun) | {"awaiting": codec.write_value(noun.awaiting)}


def message_row(noun: Message) -> dict[str, Any]:
    """Write a message."""
    return plain(noun) | {
        "media": codec.write_media(noun.media),
        "value": codec.write_value(noun.value),
        "late": int(noun.late),
        "tapback": codec.write_value(asdict(noun.tapback) if noun.tapback else None),
        "consent_before": codec.write_value(noun.consent_before),
    }


def written(noun: Any) -> dict[str, Any]:
    """Write a noun whose lists and mappings are kept as JSON, and whose yes and no as 1 and 0."""
    made = plain(noun)
    for name, value in made.items():
        if isinstance(value, tuple | Mapping):
            made[name] = codec.write_value(value)
        elif isinstance(value, bool):
            made[name] = int(value)
    return made


def note_row(noun: ThreadNote | Bulletin) -> dict[str, Any]:
    """Write a note in a thread, or a bulletin."""
    return plain(noun) | {"post": codec.write_post(noun.post)}


def _take(noun: type, row: Row) -> dict[str, Any]:
    return {name: row[name] for name in _names(noun)}


def contact(row: Row) -> Contact:
    """Read a contact."""
    return Contact(
        **_take(Contact, row)
        | {
            "fields": codec.read_value(row["fields"]) or {},
            "tags": tuple(codec.read_value(row["tags"]) or ()),
        }
    )


def conversation(row: Row) -> Conversation:
    """Read a conversation."""
    return Conversation(**_take(Conversation, row) | {"awaiting": codec.read_value(row["awaiting"])})


def thread(row: Row) -> Thread:
    """Read a thread."""
    return Thread(**_take(Thread, row))


def message(row: Row) -> Message:
    """Read a message."""
    return Message(
        **_take(Message, row)
        | {
            "media": codec.read_media(row["media"]),
            "value": codec.read_value(row["value"]),
            "late": bool(row["late"]),
            "tapback": tapback(row["tapback"]),
            "consent_before": codec.read_value(row["consent_before"]),
        }
    )


def tapback(stored: str | None) -> Tapback | None:
    """Read to what somebody reacted."""
    told = codec.read_value(stored)
    return Tapback(**told) if isinstance(told, dict) else None


def subscription(row: Row) -> Subscription:
    """Read a subscription."""
    return Subscription(**_take(Subscription, row))


def post_ref(row: Row) -> PostRef:
    """Read which post shows which message."""
    return PostRef(**_take(PostRef, row))


def keyword(row: Row) -> Keyword:
    """Read a keyword."""
    return Keyword(**_take(Keyword, row) | {"double": bool(row["double"])})


def template(row: Row) -> Template:
    """Read a template."""
    return Template(**_take(Template, row))


def colleague(row: Row) -> Colleague:
    """Read a colleague."""
    return Colleague(**_take(Colleague, row))


def watcher_row(noun: Watcher) -> dict[str, Any]:
    """Write who wants to be told."""
    return plain(noun) | {"on": int(noun.on), "lines": " ".join(noun.lines)}


def watcher(row: Row) -> Watcher:
    """Read who wants to be told."""
    return Watcher(**_take(Watcher, row) | {"on": bool(row["on"]), "lines": tuple(row["lines"].split())})


def consent_row(noun: Consent) -> dict[str, Any]:
    """Write a line of the ledger."""
    return plain(noun)


def form(row: Row) -> Form:
    """Read a form."""
    fields_ = tuple([FormField(**one | {"options": tuple(one["options"])}) for one in _json(row["fields"])])
    return Form(**_take(Form, row) | {"fields": fields_})


def filling(row: Row) -> Filling:
    """Read how far somebody is in a form."""
    return Filling(**_take(Filling, row) | {"answers": _json(row["answers"]) or {}})


def poll(row: Row) -> Poll:
    """Read a poll."""
    return Poll(
        **_take(Poll, row) | {"options": tuple(_json(row["options"])), "multiple": bool(row["multiple"])}
    )


def vote(row: Row) -> Vote:
    """Read a vote."""
    return Vote(**_take(Vote, row) | {"choices": tuple(_json(row["choices"]))})


def unclear(row: Row) -> Unclear:
    """Read an unclear answer."""
    return Unclear(**_take(Unclear, row))


def campaign(row: Row) -> Campaign:
    """Read a campaign."""
    lists = {name: tuple(_json(row[name])) for name in ("lists", "exclude")}
    return Campaign(**_take(Campaign, row) | lists)


def recipient(row: Row) -> Recipient:
    """Read somebody's part of a campaign."""
    return Recipient(**_take(Recipient, row))


def bulletin(row: Row) -> Bulletin:
    """Read a bulletin."""
    return Bulletin(**_take(Bulletin, row) | {"post": codec.read_post(row["post"])})


def _json(text: str) -> Any:
    return codec.read_value(text)


def effect_row(effect: Effect, now: float) -> dict[str, Any]:
    """Write an effect that is to come."""
    body = effect.body
    message_ids = getattr(body, "message_ids", ())
    return {
        "key": effect.key,
        "lane": effect.lane,
        "meter": effect.meter,
        "type": body.type,
        "body": codec.write_body(body),
        "priority": int(effect.priority),
        "weight": effect.weight,
        "due": max(effect.due, now),
        "message_id": getattr(body, "message_id", None) or (message_ids[0] if message_ids else None),
        "thread_id": getattr(body, "thread_id", None),
        "created_at": now,
    }


def effect(row: Row) -> Effect:
    """Read an effect."""
    return Effect(
        id=str(row["id"]),
        key=row["key"],
        lane=row["lane"],
        meter=row["meter"],
        body=codec.read_body(row["body"]),
        priority=Priority(row["priority"]),
        due=row["due"],
        weight=row["weight"],
    )
