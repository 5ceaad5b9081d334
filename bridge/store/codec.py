"""How the nouns are written down: JSON text, read back by their `type`."""

from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from bridge.model.effects import Body
from bridge.model.events import Event
from bridge.model.nouns import Media
from bridge.model.shapes import Card, Post

_event: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="type")])
_body: TypeAdapter[Body] = TypeAdapter(Annotated[Body, Field(discriminator="type")])
_media: TypeAdapter[tuple[Media, ...]] = TypeAdapter(tuple[Media, ...])
_card: TypeAdapter[Card] = TypeAdapter(Card)
_post: TypeAdapter[Post] = TypeAdapter(Post)
_value: TypeAdapter[Any] = TypeAdapter(Any)


def write_event(event: Event) -> str:
    """Write an event for the journal."""
    return _event.dump_json(event, exclude_defaults=False).decode()


def read_event(text: str) -> Event:
    """Read an event from the journal."""
    return _event.validate_json(text)


def write_body(body: Body) -> str:
    """Write what an effect does."""
    return _body.dump_json(body).decode()


def read_body(text: str) -> Body:
    """Read what an effect does."""
    return _body.validate_json(text)


def write_media(media: tuple[Media, ...]) -> str | None:
    """Write the media of a message; None for none."""
    return _media.dump_json(media).decode() if media else None


def read_media(text: str | None) -> tuple[Media, ...]:
    """Read the media of a message."""
    return _media.validate_json(text) if text else ()


def write_card(card: Card) -> str:
    """Write a card."""
    return _card.dump_json(card).decode()


def read_card(text: str) -> Card:
    """Read a card."""
    return _card.validate_json(text)


def write_post(post: Post) -> str:
    """Write a post."""
    return _post.dump_json(post).decode()


def read_post(text: str) -> Post:
    """Read a post."""
    return _post.validate_json(text)


def write_value(value: object) -> str | None:
    """Write a value of no fixed form (a verdict's value, a question asked); None for None."""
    return None if value is None else _value.dump_json(value).decode()


def read_value(text: str | None) -> Any:
    """Read a value of no fixed form."""
    return None if text is None else _value.validate_json(text)
