"""PURE. What a message says, who wrote it, and what hangs on it."""

from collections.abc import Iterable, Sequence

from telegram import Chat, Document, Message, MessageEntity, Sticker, User

from bridge.model.ids import Ids
from bridge.model.nouns import Author, Media
from bridge.model.text import clean

_UNSAYABLE = ("dice", "game", "invoice", "paid_media", "poll", "story", "checklist", "gift")
"""What people can post and no text message can carry. Whatever else has no words is a service message."""

_MENTIONS = (MessageEntity.MENTION, MessageEntity.TEXT_MENTION)


def thread_of(message: Message) -> str | None:
    """Name the topic. General has none: its messages carry no message_thread_id; and where replies make
    threads without topics, message_thread_id comes without is_topic_message."""
    return str(message.message_thread_id) if message.is_topic_message else None


def replied_to(message: Message) -> Message | None:
    """Give the message that this one answers. What answers nothing has the topic's first message there."""
    answered = message.reply_to_message
    if answered is None or answered.message_id == message.message_thread_id or answered.forum_topic_created:
        return None
    return answered


def topic_maker(message: Message) -> str | None:
    """Give the user name of who made the topic, in small letters, where the message tells: one that answers
    nothing else in its topic answers the making of it."""
    made = message.reply_to_message
    if made is None or not made.forum_topic_created or made.from_user is None:
        return None
    return (made.from_user.username or "").lower()


def person(user: User) -> Author:
    """Give somebody who acts under their own name."""
    return Author(str(user.id), user.full_name, "bot" if user.is_bot else "member")


def author(message: Message) -> Author:
    """Give who wrote it. Whoever writes as the group or as a channel cannot be held to a name; `from` is
    then a bot that stands in for all of them (GroupAnonymousBot, Channel_Bot)."""
    if message.sender_chat is not None:
        return in_disguise(message.sender_chat, message.author_signature)
    if message.from_user is None:
        return Author("", "somebody", "anonymous")
    return person(message.from_user)


def in_disguise(chat: Chat, signature: str | None = None) -> Author:
    """Give somebody who acts as a group or a channel."""
    return Author(str(chat.id), signature or chat.title or "somebody", "anonymous")


def words(message: Message) -> str:
    """Give the words as people read them: no markup, links as "label (address)", places in words."""
    if message.text is not None:
        return clean(_plain(message.text, message.entities))
    if message.caption is not None:
        return clean(_plain(message.caption, message.caption_entities))
    if message.venue is not None:
        place = message.venue.location
        where = f"https://maps.google.com/?q={place.latitude},{place.longitude}"
        return clean("\n".join(filter(None, (message.venue.title, message.venue.address, where))))
    if message.location is not None:
        return f"https://maps.google.com/?q={message.location.latitude},{message.location.longitude}"
    if message.contact is not None:
        contact = message.contact
        name = " ".join(filter(None, (contact.first_name, contact.last_name)))
        return clean(f"{name}: {contact.phone_number}")
    return ""


def _plain(text: str, entities: Sequence[MessageEntity]) -> str:
    """Write out what is only shown as a link. Offsets count UTF-16 units."""
    raw = text.encode("utf-16-le", "surrogatepass")
    for entity in sorted(entities, key=lambda one: one.offset, reverse=True):
        if entity.type != MessageEntity.TEXT_LINK or not entity.url:
            continue
        start, end = entity.offset * 2, (entity.offset + entity.length) * 2
        label = raw[start:end].decode("utf-16-le", "replace")
        if label.strip().rstrip("/") == entity.url.rstrip("/"):
            continue
        raw = raw[:end] + f" ({entity.url})".encode("utf-16-le") + raw[end:]
    return raw.decode("utf-16-le", "replace")


def starts_with_mention(message: Message) -> bool:
    """Tell whether it begins by naming a colleague, by user name or, where they have none, by link."""
    entities = message.entities or message.caption_entities
    return any(entity.offset == 0 and entity.type in _MENTIONS for entity in entities)


def says_what_no_text_can(message: Message) -> str | None:
    """Give the name of what it holds that cannot be sent as a text."""
    if message.sticker is not None and _moves(message.sticker):
        return "moving sticker"
    found = next((name for name in _UNSAYABLE if getattr(message, name, None)), None)
    return found.replace("_", " ") if found else None


def _moves(sticker: Sticker) -> bool:
    return sticker.is_animated or sticker.is_video


def media(messages: Iterable[Message], desk: str, ids: Ids) -> tuple[Media, ...]:
    """Give the files of a message, or of all messages of an album. `url` is the file_id, which stays good
    for this bot (Bot API, getFile: only the link to download it ends after an hour)."""
    files = (_file(message) for message in messages)
    origin = f"desk:{desk}"
    return tuple(
        Media(ids(), content_type, clean(name), size, origin, file_id)
        for content_type, name, size, file_id in filter(None, files)
    )


def _file(message: Message) -> tuple[str, str, int | None, str] | None:
    number = message.message_id
    if message.photo:
        largest = message.photo[-1]
        return "image/jpeg", f"photo-{number}.jpg", largest.file_size, largest.file_id
    named = message.animation or message.video or message.audio or message.document
    if named is not None:
        usual = "application/octet-stream" if isinstance(named, Document) else ""
        content_type = named.mime_type or usual or ("audio/mpeg" if message.audio else "video/mp4")
        name = named.file_name or f"file-{number}.{content_type.rpartition('/')[2]}"
        return content_type, name, named.file_size, named.file_id
    if message.voice is not None:
        voice = message.voice
        return voice.mime_type or "audio/ogg", f"voice-{number}.ogg", voice.file_size, voice.file_id
    if message.video_note is not None:
        return "video/mp4", f"video-{number}.mp4", message.video_note.file_size, message.video_note.file_id
    if message.sticker is not None and not _moves(message.sticker):
        return "image/webp", f"sticker-{number}.webp", message.sticker.file_size, message.sticker.file_id
    return None
