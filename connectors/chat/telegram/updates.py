"""PURE. One update of Telegram, in our words: what happened, and what the connector itself answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from telegram import CallbackQuery, InlineKeyboardMarkup, Message, MessageReactionUpdated, ReactionTypeEmoji

from bridge.model.events import Event, StaffEdited, StaffPressed, StaffWrote
from bridge.model.ids import Ids
from bridge.model.nouns import Author
from bridge.model.panel import OPEN, Do, Show, Typed, target
from bridge.model.panel import Say as Word
from bridge.ports import Asker
from bridge.render import words as said
from connectors.chat.telegram import commands, reading
from connectors.chat.telegram.panels import KEPT, SENDS, Draw, Kept, Tokens, is_panel
from connectors.chat.telegram.words import ASK, LEAVE

LATE = 120.0  # seconds after which a message must have waited for us

_SEND = (commands.SEND_REACTION, "📤")


@dataclass(frozen=True, slots=True)
class Say:
    """Answer a message in its place."""

    chat: int
    thread: str | None
    to: int
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """End the spinning of a pressed button; text: a word to who pressed."""

    query: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """Put the question whether it is meant under the buttons, or (pressed: "!no") take it away."""

    query: str
    chat: int
    message: int
    markup: InlineKeyboardMarkup | None
    pressed: str


@dataclass(frozen=True, slots=True)
class Close:
    """Take a panel away."""

    query: str
    chat: int
    message: int


Local = Say | Answer | Question | Draw | Close


@dataclass(frozen=True, slots=True)
class Heard:
    """What an update comes to. only_if_known: an edit that counts only where the message was heard."""

    events: tuple[Event, ...] = ()
    locals: tuple[Local, ...] = ()
    only_if_known: bool = False


NOTHING = Heard()


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the updates of desks. bot: our user name in small letters."""

    bot: str
    region: str
    ids: Ids
    now: Callable[[], float]
    tokens: Tokens
    typed: Callable[[Asker, str, str], Typed]
    lines: Callable[[str], Sequence[tuple[str, str]]]  # a desk's, each with its number
    offered: Sequence[tuple[str, str, str]] = ()  # the commands that every desk has

    def wrote(self, desk: str, messages: Sequence[Message]) -> Heard:
        """Read a message, or those of an album as one: the one with the caption leads, else the first."""
        lead = next((one for one in messages if one.caption), messages[0])
        author = reading.author(lead)
        if author.standing == "bot":
            return NOTHING
        text = reading.words(lead)
        if command := commands.read(text):
            return self._commanded(desk, lead, messages, command, author)
        return self._written(desk, lead, messages, text, author)

    def _written(
        self, desk: str, lead: Message, messages: Sequence[Message], text: str, author: Author
    ) -> Heard:
        media = reading.media(messages, desk, self.ids)
        if not text and not media:
            return self._unsayable(lead)
        at = lead.date.timestamp()
        event = StaffWrote(
            desk,
            reading.thread_of(lead),
            str(lead.message_id),
            author,
            text,
            at,
            order=f"{lead.message_id:012}",
            media=media,
            starts_with_mention=reading.starts_with_mention(lead),
            caught_up=self.now() - at > LATE,
            in_ours=reading.topic_maker(lead) == self.bot,
        )
        return Heard((event,))

    def _unsayable(self, message: Message) -> Heard:
        """Service messages (topic made, closed, pinned, somebody joined …) say nothing; a poll does."""
        what = reading.says_what_no_text_can(message)
        if what is None or not message.is_topic_message:
            return NOTHING
        return Heard(locals=(_say(message, f"A {what} cannot be sent as a text message."),))

    def _commanded(
        self,
        desk: str,
        lead: Message,
        messages: Sequence[Message],
        command: commands.Command,
        author: Author,
    ) -> Heard:
        if command.bot not in ("", self.bot):
            return NOTHING
        thread, answered = reading.thread_of(lead), reading.replied_to(lead)
        if command.name == "help":
            return Heard(locals=(_say(lead, commands.help_text(self.offered)),))
        if not commands.is_own(command):
            asker = Asker(desk, author, thread, str(answered.message_id) if answered else None)
            return self._panelled(lead, asker, self.typed(asker, command.name, command.rest))
        lines = self.lines(desk)
        meaning = commands.understand(
            command,
            in_topic=thread is not None,
            is_reply=answered is not None,
            region=self.region,
            lines=[name for name, _ in lines],
        )
        if isinstance(meaning, commands.Explain):
            return Heard(locals=(_say(lead, meaning.text),))
        if isinstance(meaning, commands.Note):
            return self._written(desk, lead, messages, meaning.text, author)
        event = StaffPressed(
            desk,
            meaning.action,
            author,
            lead.date.timestamp(),
            delivery=f"message:{lead.message_id}",
            value=meaning.value,
            thread=thread,
            ref=str(answered.message_id) if answered and meaning.on_reply else None,
            form=meaning.form,
        )
        return Heard((event,))

    def _panelled(self, lead: Message, asker: Asker, meaning: Typed) -> Heard:
        """Read a command that every desk has."""
        if isinstance(meaning, Word):
            return Heard(locals=(_say(lead, meaning.text),))
        if isinstance(meaning, Show):
            draw = Draw(asker, meaning.name, meaning.value, lead.chat.id, asker.thread, lead.message_id)
            return Heard(locals=(draw,))
        delivery = f"message:{lead.message_id}"
        return Heard((self._press(asker, meaning, lead.date.timestamp(), delivery),))

    def _press(self, asker: Asker, do: Do | Kept, at: float, delivery: str) -> StaffPressed:
        return StaffPressed(
            asker.desk,
            do.action,
            asker.person,
            at,
            delivery=delivery,
            value=do.value,
            thread=asker.thread,
            form=dict(do.form),
        )

    def edited(self, desk: str, message: Message, version: str) -> Heard:
        """Read an edit. Telegram also tells of edits that change no word: the listener compares."""
        author = reading.author(message)
        text, command = reading.words(message), commands.read(reading.words(message))
        if author.standing == "bot" or (not text and message.effective_attachment is None):
            return NOTHING
        if command is not None:
            # What was to be sent and became a command is not to be sent any more; a command that was
            # edited stays what it was when it was given.
            text = f"// {command.rest if command.name == 'note' else text}"
        event = StaffEdited(
            desk,
            reading.thread_of(message),
            str(message.message_id),
            author,
            text,
            (message.edit_date or message.date).timestamp(),
            version,
            starts_with_mention=reading.starts_with_mention(message),
        )
        return Heard((event,), only_if_known=command is not None or message.media_group_id is not None)

    def pressed(self, desk: str, query: CallbackQuery, author: Author) -> Heard:
        """Read the press of a button. Anybody who sees it can press: `author` says whether they may."""
        data, shown = query.data or "", query.message
        message = shown if isinstance(shown, Message) else None
        if shown is not None and (data.startswith(ASK) or data == LEAVE):
            markup = message.reply_markup if message else None
            return Heard(locals=(Question(query.id, shown.chat.id, shown.message_id, markup, data),))
        action, _, value = data.partition(":")
        thread = reading.thread_of(message) if message else None
        asker = Asker(desk, author, thread)
        if action == KEPT and shown is not None and value == "close":
            return Heard(locals=(Close(query.id, shown.chat.id, shown.message_id),))
        if action == KEPT:
            kept = self.tokens.get(value)
            if kept is None:
                return Heard(locals=(Answer(query.id, said.PANEL_IS_OLD),))
            if kept.action in SENDS and shown is not None:
                press = self._press(asker, kept, self.now(), f"panel:{shown.message_id}")
                return Heard((press,), (Close(query.id, shown.chat.id, shown.message_id),))
            if kept.action != OPEN:
                press = self._press(asker, kept, self.now(), f"press:{query.id}")
                return Heard((press,), (Answer(query.id),))
            action, value = kept.action, kept.value
        if action == OPEN and shown is not None:
            name, argument = target(value)
            own = message is not None and is_panel(message.reply_markup)
            drawn = Draw(
                asker,
                name,
                argument,
                shown.chat.id,
                thread,
                message=shown.message_id if own else None,
                query=query.id,
            )
            return Heard(locals=(drawn,))
        event = StaffPressed(
            desk,
            action,
            author,
            self.now(),
            delivery=f"press:{query.id}",
            value=value,
            thread=reading.thread_of(message) if message else None,
            ref=str(shown.message_id) if shown else None,
        )
        return Heard((event,), (Answer(query.id),))

    def reacted(self, desk: str, reaction: MessageReactionUpdated, author: Author, version: str) -> Heard:
        """Read a reaction that is new and means "send this". Telegram does not say in which topic."""
        new = {one.emoji for one in reaction.new_reaction if isinstance(one, ReactionTypeEmoji)}
        old = {one.emoji for one in reaction.old_reaction if isinstance(one, ReactionTypeEmoji)}
        if not any(emoji in new - old for emoji in _SEND):
            return NOTHING
        at, ref = reaction.date.timestamp(), str(reaction.message_id)
        return Heard((StaffPressed(desk, "send", author, at, delivery=f"reaction:{version}", ref=ref),))


def _say(message: Message, text: str) -> Say:
    return Say(message.chat.id, reading.thread_of(message), message.message_id, text)
