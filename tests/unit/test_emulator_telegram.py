"""The Telegram emulator against the real python-telegram-bot, and against Telegram's own description."""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession, web
from PIL import Image
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    Message,
    MessageEntity,
    ReplyParameters,
    Update,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)
from telegram.request import HTTPXRequest

from tests.emulators import misbehave
from tests.emulators.telegram import TelegramEmulator
from tests.emulators.telegram.spec import Specification, specification

ALL_UPDATES = [
    "message",
    "edited_message",
    "callback_query",
    "message_reaction",
    "my_chat_member",
    "chat_member",
]


def picture(size: tuple[int, int] = (8, 6)) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size).save(stream, "PNG")
    return stream.getvalue()


def bot_for(tg: TelegramEmulator, token: str | None = None) -> Bot:
    request = HTTPXRequest(read_timeout=1, connection_pool_size=4)
    base = {"base_url": f"{tg.api_url}/bot", "base_file_url": f"{tg.api_url}/file/bot"}
    return Bot(
        token or tg.bot_token, **base, request=request, get_updates_request=HTTPXRequest(read_timeout=2)
    )


@pytest.fixture
async def tg() -> AsyncIterator[TelegramEmulator]:
    async with TelegramEmulator() as emulator:
        yield emulator


@pytest.fixture
async def bot(tg: TelegramEmulator) -> AsyncIterator[Bot]:
    async with bot_for(tg) as bot:
        yield bot


async def new_topic(bot: Bot, tg: TelegramEmulator, name: str = "Ana") -> int:
    return (await bot.create_forum_topic(tg.group.id, name)).message_thread_id


async def raw(tg: TelegramEmulator, method: str, **params: Any) -> tuple[int, dict[str, Any]]:
    async with (
        ClientSession() as session,
        session.post(f"{tg.api_url}/bot{tg.bot_token}/{method}", json=params) as answer,
    ):
        return answer.status, await answer.json()


class TestTopics:
    async def test_a_topic_is_named_by_the_service_message_that_made_it(
        self, bot: Bot, tg: TelegramEmulator
    ) -> None:
        topic = await new_topic(bot, tg)
        sent = await bot.send_message(tg.group.id, "hello", message_thread_id=topic)

        assert sent.is_topic_message
        assert sent.message_thread_id == topic
        assert sent.reply_to_message is not None
        assert sent.reply_to_message.message_id == topic
        assert sent.reply_to_message.forum_topic_created is not None

    async def test_a_real_reply_answers_the_message_and_not_the_topic(
        self, bot: Bot, tg: TelegramEmulator
    ) -> None:
        topic = await new_topic(bot, tg)
        first = await bot.send_message(tg.group.id, "one", message_thread_id=topic)
        second = await bot.send_message(
            tg.group.id, "two", reply_parameters=ReplyParameters(first.message_id)
        )

        assert second.message_thread_id == topic
        assert second.reply_to_message is not None
        assert second.reply_to_message.message_id == first.message_id

    async def test_general_has_no_thread(self, bot: Bot, tg: TelegramEmulator) -> None:
        sent = await bot.send_message(tg.group.id, "hello")
        assert sent.message_thread_id is None
        with pytest.raises(BadRequest, match="Message thread not found"):
            await bot.send_message(tg.group.id, "hello", message_thread_id=1)

    async def test_a_topic_deleted_by_hand_is_noticed_only_by_sending(
        self, bot: Bot, tg: TelegramEmulator
    ) -> None:
        topic = await new_topic(bot, tg)
        await bot.get_updates()
        known = len(tg.updates.history)
        await tg.delete_topic(tg.group, topic)

        assert len(tg.updates.history) == known
        with pytest.raises(BadRequest, match="Message thread not found"):
            await bot.send_message(tg.group.id, "still there?", message_thread_id=topic)

    async def test_rename_close_reopen_delete(self, bot: Bot, tg: TelegramEmulator) -> None:
        topic = await new_topic(bot, tg)
        await bot.edit_forum_topic(tg.group.id, topic, name="Ana B.")
        await bot.close_forum_topic(tg.group.id, topic)
        assert "== Ana B. (closed) ==" in tg.transcript()
        with pytest.raises(BadRequest, match="Topic_not_modified"):
            await bot.close_forum_topic(tg.group.id, topic)
        await bot.reopen_forum_topic(tg.group.id, topic)
        await bot.delete_forum_topic(tg.group.id, topic)
        assert "Ana" not in tg.transcript()

    async def test_missing_rights(self, bot: Bot, tg: TelegramEmulator) -> None:
        await tg.set_bot(tg.group, can_manage_topics=False, can_pin_messages=False)
        with pytest.raises(BadRequest, match="ot enough rights to create a topic"):
            await new_topic(bot, tg)
        sent = await bot.send_message(tg.group.id, "hi")
        with pytest.raises(BadRequest, match="ot enough rights to manage pinned messages"):
            await bot.pin_chat_message(tg.group.id, sent.message_id)


class TestSending:
    async def test_html_becomes_entities_in_utf16_units(self, bot: Bot, tg: TelegramEmulator) -> None:
        link = '<a href="https://x.example/?a=1&amp;b=2">link</a>'
        text = f"😀 <b>bold &amp; <i>both</i></b> {link} &copy; <code>c</code>"
        sent = await bot.send_message(tg.group.id, text, parse_mode="HTML")

        assert sent.text == "😀 bold & both link &copy; c"
        assert [(e.type, sent.parse_entity(e)) for e in sent.entities] == [
            ("bold", "bold & both"), ("italic", "both"), ("text_link", "link"), ("code", "c"),
        ]  # fmt: skip
        assert sent.entities[2].url == "https://x.example/?a=1&b=2"

    @pytest.mark.parametrize(
        ("text", "complaint"),
        [
            ("1 < 2", "nclosed start tag"),
            ("<b>open", "an't find end tag"),
            ("<b><i>x</b></i>", "nmatched end tag"),
            ("x</b>", "nexpected end tag"),
            ("<h1>x</h1>", "nsupported start tag"),
            ("a <x> b", "nsupported start tag"),
        ],
    )
    async def test_bad_markup(self, bot: Bot, tg: TelegramEmulator, text: str, complaint: str) -> None:
        with pytest.raises(BadRequest, match=rf"an't parse entities: .*{complaint}"):
            await bot.send_message(tg.group.id, text, parse_mode="HTML")

    async def test_lengths_count_utf16(self, bot: Bot, tg: TelegramEmulator) -> None:
        await bot.send_message(tg.group.id, "😀" * 2048)
        with pytest.raises(BadRequest, match="Message is too long"):
            await bot.send_message(tg.group.id, "😀" * 2049)
        with pytest.raises(BadRequest, match="Message caption is too long"):
            await bot.send_document(tg.group.id, b"x", caption="c" * 1025)
        with pytest.raises(BadRequest, match="Message text is empty"):
            await bot.send_message(tg.group.id, "  \n ")

    async def test_entities_must_lie_within_the_text(self, bot: Bot, tg: TelegramEmulator) -> None:
        with pytest.raises(BadRequest):
            await bot.send_message(tg.group.id, "abc", entities=[MessageEntity("bold", 1, 5)])
        assert len(tg.violations) == 1

    async def test_files_of_every_kind(self, bot: Bot, tg: TelegramEmulator) -> None:
        photo = await bot.send_photo(tg.group.id, picture(), caption="<b>p</b>", parse_mode="HTML")
        document = await bot.send_document(tg.group.id, b"%PDF", filename="a.pdf")
        await bot.send_video(tg.group.id, b"v")
        await bot.send_audio(tg.group.id, b"a", title="song")
        await bot.send_voice(tg.group.id, b"o")
        await bot.send_contact(tg.group.id, "+15550001111", "Ana")
        again = await bot.send_document(tg.group.id, document.document.file_id)
        album = await bot.send_media_group(
            tg.group.id, [InputMediaPhoto(picture(), caption="two"), InputMediaPhoto(picture())]
        )

        assert (photo.photo[-1].width, photo.photo[-1].height) == (8, 6)
        assert bytes(await (await document.document.get_file()).download_as_bytearray()) == b"%PDF"
        assert again.document.file_name == "a.pdf"
        assert len({message.media_group_id for message in album}) == 1
        assert "[photo] p" in tg.transcript()
        assert not tg.violations

    async def test_what_is_no_picture_is_no_photo(self, bot: Bot, tg: TelegramEmulator) -> None:
        with pytest.raises(BadRequest, match=r"(?i)image_process_failed"):
            await bot.send_photo(tg.group.id, b"not a picture")
        with pytest.raises(BadRequest, match=r"(?i)photo_invalid_dimensions"):
            await bot.send_photo(tg.group.id, picture((1, 50)))
        with pytest.raises(BadRequest, match="must be non-empty"):
            await bot.send_document(tg.group.id, b"")

    async def test_a_file_by_address_is_fetched(self, bot: Bot, tg: TelegramEmulator) -> None:
        stored = tg.world.keep_file(picture(), "photos", "x.png", "image/png")
        sent = await bot.send_photo(tg.group.id, f"{tg.api_url}/file/bot{tg.bot_token}/{stored.path}")
        assert sent.photo
        with pytest.raises(BadRequest, match=r"(?i)failed to get http url content"):
            await bot.send_photo(tg.group.id, f"{tg.api_url}/file/bot{tg.bot_token}/nothing.png")

    async def test_callback_data_counts_bytes(self, bot: Bot, tg: TelegramEmulator) -> None:
        def keyboard(data: str) -> InlineKeyboardMarkup:
            return InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data=data)]])

        await bot.send_message(tg.group.id, "x", reply_markup=keyboard("é" * 32))
        with pytest.raises(BadRequest, match=r"(?i)button_data_invalid"):
            await bot.send_message(tg.group.id, "x", reply_markup=keyboard("é" * 33))

    async def test_copy_and_chat_action(self, bot: Bot, tg: TelegramEmulator) -> None:
        topic = await new_topic(bot, tg)
        said = await tg.say("Bea", tg.group, "look", photo=picture())
        copied = await bot.copy_message(tg.group.id, tg.group.id, said.message_id, message_thread_id=topic)
        await bot.send_chat_action(tg.group.id, "typing", message_thread_id=topic)

        assert tg.messages(topic="Ana")[0].message_id == copied.message_id
        with pytest.raises(BadRequest, match="can't be copied"):
            await bot.copy_message(tg.group.id, tg.group.id, topic)


class TestEditing:
    async def test_unchanged_is_an_error_and_forgotten_keyboards_go(
        self, bot: Bot, tg: TelegramEmulator
    ) -> None:
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="y")]])
        sent = await bot.send_message(tg.group.id, "card", reply_markup=keyboard)
        with pytest.raises(BadRequest, match="Message is not modified"):
            await sent.edit_text("card", reply_markup=keyboard)
        with pytest.raises(BadRequest, match="Message is not modified"):
            await sent.edit_reply_markup(keyboard)
        await sent.edit_text("card 2")

        assert tg.transcript() == "== General ==\nthreadline: card 2 (edited)"

    async def test_only_own_messages(self, bot: Bot, tg: TelegramEmulator) -> None:
        said = await tg.say("Bea", tg.group, "mine")
        with pytest.raises(BadRequest, match="can't be edited"):
            await bot.edit_message_text("yours", tg.group.id, said.message_id)
        with pytest.raises(BadRequest, match="Message to edit not found"):
            await bot.edit_message_text("nobody's", tg.group.id, 999)

    async def test_deleting(self, bot: Bot, tg: TelegramEmulator) -> None:
        topic = await new_topic(bot, tg)
        said = await tg.say("Bea", tg.group, "mine")
        await bot.delete_message(tg.group.id, said.message_id)
        with pytest.raises(BadRequest, match="Message to delete not found"):
            await bot.delete_message(tg.group.id, said.message_id)
        with pytest.raises(BadRequest, match="can't be deleted"):
            await bot.delete_message(tg.group.id, topic)

    async def test_reactions_come_from_the_fixed_list(self, bot: Bot, tg: TelegramEmulator) -> None:
        said = await tg.say("Bea", tg.group, "mine")
        await bot.set_message_reaction(tg.group.id, said.message_id, "👀")
        await bot.set_message_reaction(tg.group.id, said.message_id, "👍")
        assert "👍 threadline" in tg.transcript()
        with pytest.raises(BadRequest, match=r"(?i)reaction_invalid"):
            await bot.set_message_reaction(tg.group.id, said.message_id, "✅")
        with pytest.raises(BadRequest, match=r"(?i)reactions_too_many"):
            await bot.set_message_reaction(tg.group.id, said.message_id, ["👍", "👎"])
        await bot.set_message_reaction(tg.group.id, said.message_id, [])
        assert "👍" not in tg.transcript()
        await tg.set_bot(tg.group, "member")
        with pytest.raises(BadRequest, match="ot enough rights"):
            await bot.set_message_reaction(tg.group.id, said.message_id, "👍")

    async def test_pins(self, bot: Bot, tg: TelegramEmulator) -> None:
        sent = await bot.send_message(tg.group.id, "overview")
        await bot.pin_chat_message(tg.group.id, sent.message_id, disable_notification=True)
        assert "📌 overview" in tg.transcript()
        assert (await bot.get_chat(tg.group.id)).pinned_message.message_id == sent.message_id
        await bot.unpin_chat_message(tg.group.id, sent.message_id)
        assert "📌" not in tg.transcript()

    async def test_a_press_is_answered_once(self, bot: Bot, tg: TelegramEmulator) -> None:
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("✅ Resolve", callback_data="r:1")]])
        sent = await bot.send_message(tg.group.id, "card", reply_markup=keyboard)
        press = await tg.press("Bea", tg.group, sent.message_id, "resolve")
        (update,) = await bot.get_updates()
        await update.callback_query.answer("done", show_alert=True)

        assert update.callback_query.data == "r:1"
        assert update.callback_query.message == sent
        assert (press.answered, press.text, press.show_alert) == (True, "done", True)
        with pytest.raises(BadRequest, match="Query is too old"):
            await bot.answer_callback_query(press.id)
        with pytest.raises(LookupError, match="no button 'delete'"):
            await tg.press("Bea", tg.group, sent.message_id, "delete")


class TestChats:
    async def test_set_up_checks(self, bot: Bot, tg: TelegramEmulator) -> None:
        me, chat = await bot.get_me(), await bot.get_chat(tg.group.id)
        assert me.username == "threadline_bot"
        assert chat.is_forum
        assert (await bot.get_chat_member(tg.group.id, me.id)).can_manage_topics
        await tg.join("Bea", tg.group)
        assert (await bot.get_chat_member(tg.group.id, tg.person("Bea").id)).status == "member"
        await tg.join("Cy", tg.group, admin=True)
        assert {admin.user.first_name for admin in await bot.get_chat_administrators(tg.group.id)} == {
            "Cy", "threadline",
        }  # fmt: skip
        await bot.set_my_commands([BotCommand("sms", "Texts")], scope=BotCommandScopeChat(tg.group.id))
        assert len(await bot.get_my_commands(scope=BotCommandScopeChat(tg.group.id))) == 1
        assert not tg.violations

    async def test_an_upgraded_group_tells_its_new_id(self, bot: Bot, tg: TelegramEmulator) -> None:
        old = tg.add_group("Small", basic=True)
        new = await tg.migrate(old)
        with pytest.raises(ChatMigrated) as caught:
            await bot.send_message(old.id, "hi")
        assert caught.value.new_chat_id == new.id
        await bot.send_message(new.id, "hi")

    async def test_shut_out(self, bot: Bot, tg: TelegramEmulator) -> None:
        await tg.kick_bot(tg.group)
        (update,) = await bot.get_updates()
        assert update.my_chat_member.new_chat_member.status == "kicked"
        with pytest.raises(Forbidden, match="kicked from the supergroup"):
            await bot.send_message(tg.group.id, "hi")
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.send_message(-100999, "hi")
        with pytest.raises(Forbidden, match="can't initiate conversation"):
            await bot.send_message(tg.add_person("Zoe").id, "hi")

    async def test_tokens(self, tg: TelegramEmulator) -> None:
        bot = bot_for(tg, "7100000001:" + "A" * 35)
        with pytest.raises(InvalidToken):
            await bot.get_me()
        await bot.shutdown()

    async def test_the_budget_is_shared_by_sends_edits_and_topics(
        self, bot: Bot, tg: TelegramEmulator
    ) -> None:
        tg.enforce_budget = True
        topic = await new_topic(bot, tg)
        for number in range(18):
            sent = await bot.send_message(tg.group.id, str(number), message_thread_id=topic)
        await sent.edit_text("edited")
        with pytest.raises(RetryAfter) as caught:
            await bot.send_message(tg.group.id, "one too many")

        assert 0 < caught.value.retry_after <= 61
        await bot.send_chat_action(tg.group.id, "typing")
        await bot.send_message(tg.add_group("Other").id, "another budget")

    async def test_a_shorter_budget_refills(self, bot: Bot, tg: TelegramEmulator) -> None:
        tg.set_budget(1, 0.2)
        await bot.send_message(tg.group.id, "one")
        with pytest.raises(RetryAfter):
            await bot.send_message(tg.group.id, "two")
        await asyncio.sleep(0.21)
        await bot.send_message(tg.group.id, "two")


class TestUpdates:
    async def test_people_as_the_bot_sees_them(self, bot: Bot, tg: TelegramEmulator) -> None:
        topic = await new_topic(bot, tg)
        said = await tg.say("Bea", tg.group, "/note call @kimber", topic="Ana")
        await tg.say("Bea", tg.group, "anonymous", topic=topic, sender_chat=tg.group)
        await tg.say(
            "Bea", tg.group, "see", topic=topic, media_group=[("photo", picture()), ("document", b"d")]
        )
        await tg.edit(said, "/note call her")
        updates = await bot.get_updates(allowed_updates=ALL_UPDATES)
        created, note, anonymous, first, second, edited = (u.effective_message for u in updates)

        assert created.forum_topic_created.name == "Ana"
        assert [e.type for e in note.entities] == ["bot_command", "mention"]
        assert note.reply_to_message.message_id == topic
        assert anonymous.sender_chat.id == tg.group.id
        assert anonymous.from_user.username == "GroupAnonymousBot"
        assert first.media_group_id == second.media_group_id
        assert (first.caption, second.caption) == ("see", None)
        assert edited.edit_date
        assert edited.text == "/note call her"

    async def test_reactions_must_be_asked_for(self, bot: Bot, tg: TelegramEmulator) -> None:
        said = await tg.say("Bea", tg.group, "x")
        await tg.react("Bea", tg.group, said, "📤")
        assert [u.message_reaction for u in await bot.get_updates()] == [None]
        await bot.get_updates(allowed_updates=ALL_UPDATES)
        await tg.react("Bea", tg.group, said, None)
        (_, update) = await bot.get_updates()
        assert [r.emoji for r in update.message_reaction.old_reaction] == ["📤"]
        assert update.message_reaction.new_reaction == ()

    async def test_every_update_is_as_the_specification_says(self, bot: Bot, tg: TelegramEmulator) -> None:
        if not specification().complete:
            pytest.skip("the specification is not here")
        await bot.get_updates(allowed_updates=ALL_UPDATES)
        await new_topic(bot, tg)
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="y")]])
        card = await bot.send_message(tg.group.id, "card", reply_markup=keyboard)
        await bot.pin_chat_message(tg.group.id, card.message_id)
        for kind in ("photo", "document", "video", "audio", "voice", "animation"):
            await tg.say("Bea", tg.group, "c", topic="Ana", **{kind: picture()})
        said = await tg.say(
            "Bea", tg.group, "https://x.example me@x.example #tag @somebody", reply_to=card.message_id
        )
        await tg.share_contact("Bea", tg.group, "+15550001111", "Ana")
        await tg.edit(said, "y")
        await tg.react("Bea", tg.group, said, "👍", anonymous=True)
        await tg.press("Bea", tg.group, card.message_id, "y")
        await tg.press("Bea", tg.group, card.message_id, "y", inaccessible=True)
        await tg.rename_topic("Bea", tg.group, "Ana", "Ana B.")
        await tg.close_topic("Bea", tg.group, "Ana B.")
        await tg.join("Cy", tg.group, admin=True)
        await tg.leave("Cy", tg.group)
        await tg.say("Cy", tg.private("Cy"), "/start")
        await tg.migrate(tg.add_group("Small", basic=True))
        await tg.kick_bot(tg.group)

        assert len(tg.updates.history) >= 24
        for update in tg.updates.history:
            shape = update.json()
            assert specification().mismatches(shape, ("Update",), "update") == []
            parsed = Update.de_json(shape, bot)
            assert not parsed.api_kwargs

    async def test_offsets_confirm_and_long_polls_wake(self, bot: Bot, tg: TelegramEmulator) -> None:
        assert await bot.get_updates(timeout=0) == ()
        waiting = asyncio.create_task(bot.get_updates(timeout=10))
        await asyncio.sleep(0.1)
        await tg.say("Bea", tg.group, "one")
        (first,) = await waiting
        await tg.say("Bea", tg.group, "two")

        assert [u.update_id for u in await bot.get_updates(limit=1)] == [first.update_id]
        (second,) = await bot.get_updates(offset=first.update_id + 1)
        assert second.message.text == "two"
        assert [u.message.text for u in await bot.get_updates()] == ["two"]

    async def test_the_older_of_two_pollers_gets_the_409(self, tg: TelegramEmulator) -> None:
        async with bot_for(tg) as one, bot_for(tg) as two:
            older = asyncio.create_task(one.get_updates(timeout=5))
            await asyncio.sleep(0.1)
            newer = asyncio.create_task(two.get_updates(timeout=5))
            with pytest.raises(Conflict, match="other getUpdates"):
                await older
            await tg.say("Bea", tg.group, "x")
            assert len(await newer) == 1

    async def test_the_same_update_again_late_and_out_of_order(self, bot: Bot, tg: TelegramEmulator) -> None:
        await tg.say("Bea", tg.group, "one")
        (first,) = await bot.get_updates()
        await bot.get_updates(offset=first.update_id + 1)
        tg.repeat_updates()
        assert [u.update_id for u in await bot.get_updates(offset=first.update_id + 1)] == [first.update_id]

        tg.hold_updates()
        await tg.say("Bea", tg.group, "two")
        await tg.say("Bea", tg.group, "three")
        assert await bot.get_updates() == ()
        tg.release_updates(backwards=True)
        assert [u.message.text for u in await bot.get_updates()] == ["three", "two"]

    async def test_without_admin_rights_privacy_hides_ordinary_talk(
        self, bot: Bot, tg: TelegramEmulator
    ) -> None:
        await tg.set_bot(tg.group, "member")
        await tg.say("Bea", tg.group, "ordinary")
        await tg.say("Bea", tg.group, "/sms")
        assert [u.message.text for u in await bot.get_updates() if u.message] == ["/sms"]


class Receiver:
    """A webhook that answers with the statuses given, then 200."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.got: list[tuple[int, str]] = []
        self.secrets: set[str | None] = set()

    async def __aenter__(self) -> Receiver:
        app = web.Application()
        app.router.add_post("/tg", self._take)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/tg"
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        update = await request.json()
        status = self.statuses.pop(0) if self.statuses and "message" in update else 200
        text = (
            update["message"]["text"] if "message" in update else next(k for k in update if k != "update_id")
        )
        self.got.append((status, text))
        self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        return web.Response(status=status)


class TestWebhook:
    async def test_a_public_address_is_reached_through_the_proxy(
        self, bot: Bot, tg: TelegramEmulator
    ) -> None:
        async with Receiver() as hook:
            tg.reach("https://sms.example.org", hook.url.removesuffix("/tg"))
            await bot.set_webhook("https://sms.example.org/tg")
            await tg.say("Bea", tg.group, "x")
            await tg.wait_for(lambda: hook.got)

    async def test_a_failing_update_holds_its_chat_back_until_it_is_taken(
        self, bot: Bot, tg: TelegramEmulator
    ) -> None:
        async with Receiver() as hook:
            hook.statuses = [500, 503]
            await bot.set_webhook(hook.url, secret_token="s3cret", allowed_updates=ALL_UPDATES)
            said = await tg.say("Bea", tg.group, "one")
            await tg.say("Bea", tg.group, "two")
            await tg.react("Bea", tg.group, said, "👍")
            await tg.wait_for(lambda: not tg.updates.pending)

            messages = [got for got in hook.got if got[1] != "message_reaction"]
            assert messages == [(500, "one"), (503, "one"), (200, "one"), (200, "two")]
            assert hook.got.index((200, "message_reaction")) < hook.got.index((200, "two"))
            assert hook.secrets == {"s3cret"}
            assert "503" in (await bot.get_webhook_info()).last_error_message

    async def test_a_webhook_excludes_polling(self, bot: Bot, tg: TelegramEmulator) -> None:
        async with Receiver() as hook:
            await bot.set_webhook(hook.url)
            with pytest.raises(Conflict, match="webhook is active"):
                await bot.get_updates()
            await bot.delete_webhook()
            await tg.say("Bea", tg.group, "x")
            assert len(await bot.get_updates()) == 1

    async def test_what_telegram_would_not_accept(self, bot: Bot, tg: TelegramEmulator) -> None:
        with pytest.raises(BadRequest, match=r"(?i)https url must be provided"):
            await bot.set_webhook("http://bridge.example/tg")
        with pytest.raises(BadRequest, match="unallowed characters"):
            await bot.set_webhook("https://bridge.example/tg", secret_token="not allowed")

    async def test_the_same_update_again(self, bot: Bot, tg: TelegramEmulator) -> None:
        async with Receiver() as hook:
            await bot.set_webhook(hook.url)
            await tg.say("Bea", tg.group, "x")
            await tg.wait_for(lambda: len(hook.got) == 1)
            tg.repeat_updates()
            await tg.wait_for(lambda: len(hook.got) == 2)


class TestStrictness:
    async def test_wrong_calls_are_refused_and_remembered(self, tg: TelegramEmulator) -> None:
        if not specification().complete:
            pytest.skip("the specification is not here")
        chat = tg.group.id
        message, said = {"chat_id": chat, "text": "x"}, {"chat_id": chat, "message_id": 1}
        wrong = [
            ("sendMessage", {"chat_id": chat}, "missing parameter text"),
            ("sendMessage", {"chat_id": chat, "text": "x", "thread_id": 4}, "unknown parameter thread_id"),
            ("sendMessage", {"chat_id": "12a", "text": 5}, "text: expected String"),
            ("sendMessage", message | {"reply_markup": {"inline_keyboard": [[{}]]}}, "missing field text"),
            ("setMessageReaction", said | {"reaction": [{"type": "emoji"}]}, "missing field emoji"),
            ("editMessageText", {"text": "x"}, "'chat_id' is needed"),
            ("sendMessage", {"chat_id": chat, "text": "x", "parse_mode": "MarkdownV2"}, "HTML only"),
        ]  # fmt: skip
        for method, params, complaint in wrong:
            status, answer = await raw(tg, method, **params)
            assert (status, answer["ok"]) == (400, False)
            assert complaint in answer["description"]
        assert len(tg.violations) == len(wrong)
        assert (await raw(tg, "sendNothing"))[0] == 404

    async def test_without_the_specification_required_parameters_remain(self) -> None:
        remembered = Specification(None)
        params, problems = remembered.read("sendMessage", {"chat_id": "5", "text": "[1]"}, set())
        assert (params, problems) == ({"chat_id": 5, "text": "[1]"}, [])
        assert remembered.read("sendMessage", {"text": "x"}, set())[1] == ["missing parameter chat_id"]


class TestMisbehaviour:
    async def sent(self, bot: Bot, tg: TelegramEmulator) -> Message:
        return await bot.send_message(tg.group.id, "x")

    @pytest.mark.parametrize(
        ("fault", "error", "stored"),
        [
            (misbehave.drop_before(), NetworkError, 0),
            (misbehave.drop_after(), NetworkError, 1),
            (misbehave.half_answer(), NetworkError, 1),
            (misbehave.stall(5), TimedOut, 1),
            (misbehave.rate_limit(3), RetryAfter, 0),
            (misbehave.server_error(), NetworkError, 0),
            (misbehave.html(), NetworkError, 0),
        ],
        ids=lambda value: value.kind if isinstance(value, misbehave.Misbehaviour) else None,
    )
    async def test_one_call_each(
        self,
        bot: Bot,
        tg: TelegramEmulator,
        fault: misbehave.Misbehaviour,
        error: type[Exception],
        stored: int,
    ) -> None:
        tg.misbehave("sendMessage", fault)
        with pytest.raises(error):
            await self.sent(bot, tg)
        assert len(tg.messages()) == stored
        await self.sent(bot, tg)

    async def test_down_and_up_again_on_the_same_port(self, bot: Bot, tg: TelegramEmulator) -> None:
        await self.sent(bot, tg)
        address = tg.api_url
        await tg.down()
        with pytest.raises(NetworkError, match="ConnectError"):
            await self.sent(bot, tg)
        await tg.up()
        await self.sent(bot, tg)
        assert tg.api_url == address
        assert len(tg.messages()) == 2

    async def test_going_down_ends_a_long_poll_at_once(self, bot: Bot, tg: TelegramEmulator) -> None:
        waiting = asyncio.create_task(bot.get_updates(timeout=20))
        await asyncio.sleep(0.1)
        begun = time.monotonic()
        await tg.down()
        with pytest.raises((NetworkError, Conflict)):
            await waiting
        assert time.monotonic() - begun < 1


async def test_the_transcript_shows_what_people_see(bot: Bot, tg: TelegramEmulator) -> None:
    topic = await new_topic(bot, tg, "Ana · +1 555 000 1111")
    keyboard = InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton("Assign", callback_data="a"),
                InlineKeyboardButton("Resolve", callback_data="r"),
            ]
        ]
    )
    await bot.send_message(tg.group.id, "Ana\nwaits 3 min", message_thread_id=topic, reply_markup=keyboard)
    text = await bot.send_message(tg.group.id, "When do you open?", message_thread_id=topic)
    await tg.say("Bea", tg.group, "At nine", reply_to=text.message_id)
    reply = tg.messages(topic=topic)[-1]
    await bot.set_message_reaction(tg.group.id, reply.message_id, "👍")
    await tg.say("Bea", tg.group, "a map", topic=topic, document=("map.pdf", b"%PDF"))
    await tg.say("Bea", tg.group, "/help")

    assert tg.transcript() == (
        "== General ==\n"
        "Bea: /help\n"
        "\n"
        "== Ana · +1 555 000 1111 ==\n"
        "threadline: Ana\n"
        "    waits 3 min\n"
        "    (Assign) (Resolve)\n"
        "threadline: When do you open?\n"
        "Bea: ↳“When do you open?” At nine\n"
        "    👍 threadline\n"
        "Bea: [document map.pdf] a map"
    )
    assert not tg.violations
