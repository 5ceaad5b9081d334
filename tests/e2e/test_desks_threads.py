"""The life of threads: old ones, removed ones, lost ones; desks that move, close, go away and come back."""

import asyncio

import pytest

from tests.e2e.desks import DESKS, SlackDesk, TelegramDesk, begun, both, told
from tests.e2e.desks import quick as quick  # a fixture
from tests.e2e.house import NUMBER, SUE, World, until
from tests.emulators import misbehave
from tests.emulators.slack import Drop, RateLimited

pytestmark = pytest.mark.usefixtures("quick")


def in_order(page: str, *parts: str) -> bool:
    """Say whether all parts stand on a page, each once, in this order."""
    places = [page.find(part) for part in parts]
    return -1 not in places and places == sorted(places) and all(page.count(part) == 1 for part in parts)


# ---- old threads ----------------------------------------------------------------------------------------


async def test_an_old_thread_is_brought_back_into_view(small_world: World) -> None:
    small_world.options["inbox"] = "resurface_hours = 0"
    async with small_world.house():
        await begun(small_world, "slack")
        await asyncio.sleep(0.05)
        await small_world.text("Still cold")
        await until(lambda: "Still cold" in small_world.slack_page())
        shown = [root["text"] for root in small_world.roots() if root.get("subtype") == "thread_broadcast"]
        assert shown == ["(555) 010-0142: Still cold"]
    assert SlackDesk(small_world).threads() == 1


async def test_a_thread_that_is_not_old_stays_in_its_place(small_house: World) -> None:
    await begun(small_house, "slack")
    await small_house.text("Still cold")
    await until(lambda: "Still cold" in small_house.slack_page())
    assert "also sent to the channel" not in small_house.slack_page()


# ---- removal, and what follows --------------------------------------------------------------------------


async def test_what_is_removed_in_slack_leaves_every_desk_and_comes_back_fresh(small_house: World) -> None:
    world = small_house
    desk: SlackDesk = await begun(world, "slack")
    await until(lambda: "Hello?" in world.telegram_page())
    old = await world.slack_thread()
    await desk.press("Remove conversation")

    await until(lambda: "Conversation removed by Ana" in world.slack_page())
    root = world.slack.message(world.channel, old)
    assert "0142" not in str(root["blocks"]) and "0142" not in root["text"]
    await until(lambda: world.telegram.group.topics == {})
    await world.slack.say(world.ana, world.channel, "Anybody?", thread_ts=old)
    await until(told(desk, "This conversation was removed; nothing was sent"))

    await world.text("I am still here")
    await until(lambda: len(world.roots()) == 2)
    new = world.roots()[1]["ts"]
    await until(lambda: any("still here" in m["text"] for m in world.slack.replies(world.channel, new)))
    await until(lambda: "I am still here" in world.telegram_page())
    assert "Hello?" not in world.telegram_page()
    await world.slack.say(world.ana, world.channel, "To the old one", thread_ts=old)
    await until(told(desk, "The conversation goes on in a newer one"))
    await world.slack.say(world.ana, world.channel, "To the new one", thread_ts=new)
    await until(lambda: world.phone() == ["To the new one"])


@pytest.mark.parametrize("way", ["command", "button"])
async def test_what_is_removed_in_telegram_comes_back_fresh(small_house: World, way: str) -> None:
    world = small_house
    desk: TelegramDesk = await begun(world, "telegram")
    old = await world.telegram_topic()
    if way == "command":
        await desk.say("/remove")
    else:
        await desk.press("Remove conversation")

    await until(lambda: world.telegram.group.topics == {})
    await until(lambda: "Conversation removed by Ben" in world.slack_page())
    await world.text("And now?")
    await until(lambda: "And now?" in world.telegram_page())
    assert list(world.telegram.group.topics) != [old]
    await desk.say("Now this")
    await until(lambda: world.phone() == ["Now this"])


# ---- the team -------------------------------------------------------------------------------------------


@both
async def test_who_answers_first_is_on_it_and_it_can_be_handed_over(small_house: World, where: str) -> None:
    desk = await begun(small_house, where)
    await desk.say("I have this")
    await until(lambda: f"On it: {desk.person}" in desk.page())
    other = DESKS["telegram" if where == "slack" else "slack"](small_house)
    await other.press("Assign to me")
    await until(lambda: f"On it: {other.person}" in desk.page())
    assert f"{other.person} is on it." in desk.page()


@both
async def test_resolve_and_reopen(small_house: World, where: str) -> None:
    desk = await begun(small_house, where)
    await desk.press("Resolve")
    await until(lambda: f"Resolved by {desk.person}. Their next text reopens it." in desk.page())
    await until(lambda: desk.find("Reopen") is not None)
    await desk.press("Reopen")
    await until(lambda: f"Reopened by {desk.person}." in desk.page())
    await until(lambda: desk.find("Resolve") is not None)
    await desk.press("Resolve")
    await until(lambda: desk.find("Reopen") is not None)
    await small_house.text("One more thing")
    await until(lambda: "One more thing" in desk.page() and desk.find("Resolve") is not None)
    assert desk.threads() == 1


async def test_the_commands_of_a_topic(small_house: World) -> None:
    desk = await begun(small_house, "telegram")
    await desk.say("/assign Carla")
    await until(lambda: "On it: Carla" in desk.page() and "Carla is on it, asked by Ben." in desk.page())
    await desk.say("/unsubscribe")
    await until(lambda: "Unsubscribed by staff" in desk.page())
    await desk.say("/note he called")
    await desk.say("/resolve")
    await until(lambda: "Resolved by Ben" in desk.page() and "Resolved by Ben" in small_house.slack_page())
    await desk.say("Still, bye!")
    await until(lambda: small_house.phone() == ["Still, bye!"])


# ---- lost threads ---------------------------------------------------------------------------------------


async def test_a_topic_deleted_by_hand_opens_anew_with_the_text(house: World) -> None:
    await begun(house, "telegram")
    old = await house.telegram_topic()
    await until(lambda: "Hello?" in house.slack_page())
    await house.telegram.delete_topic(house.telegram.group, old)
    await house.text("Where are you?")

    await until(lambda: "Where are you?" in house.telegram_page())
    await until(lambda: "deleted by hand. The conversation goes on here" in house.telegram_page())
    assert in_order(house.telegram_page(), "goes on here", "Hello?", "Where are you?")
    await TelegramDesk(house).say("Here!")
    await until(lambda: house.phone() == ["Here!"])


@pytest.mark.parametrize("with_replies", [True, False])
async def test_a_slack_root_deleted_by_hand_opens_anew(small_world: World, with_replies: bool) -> None:
    world = small_world
    admin = world.slack.add_user("boss", is_admin=True)
    async with world.house():
        desk = await begun(world, "slack")
        old = await world.slack_thread()
        if not with_replies:
            world.slack.remove_message(
                world.slack.world.channels[world.channel], world.slack.replies(world.channel, old)[0]["ts"]
            )
        await world.slack.delete(admin, world.channel, old)
        await until(lambda: desk.threads() == 1 and "goes on here" in world.slack_page())
        await world.text("Are you there?")
        await until(lambda: "Are you there?" in world.slack_page())
        new = next(root for root in world.roots() if root.get("subtype") is None)
        thread = "".join(m["text"] for m in world.slack.replies(world.channel, new["ts"]))
        assert "Hello?" in thread and "Are you there?" in thread
        await world.slack.say(world.ana, world.channel, "Yes!", thread_ts=new["ts"])
        await until(lambda: world.phone() == ["Yes!"])


async def test_a_slack_root_that_went_while_nobody_listened(small_world: World) -> None:
    """The post lands in the channel; it is taken back, and stands in a new thread instead."""
    world = small_world
    admin = world.slack.add_user("boss", is_admin=True)
    async with world.house():
        await begun(world, "slack")
        old = await world.slack_thread()
    only = world.slack.replies(world.channel, old)[0]["ts"]
    world.slack.remove_message(world.slack.world.channels[world.channel], only)
    await world.slack.delete(admin, world.channel, old)
    async with world.house():
        await world.text("Are you there?")
        await until(lambda: "goes on here" in world.slack_page() and "there?" in world.slack_page())
        strays = [r for r in world.roots() if r.get("subtype") is None and "there?" in r["text"]]
        assert strays == []


# ---- desks that move and close --------------------------------------------------------------------------


async def test_a_group_that_becomes_a_supergroup_is_followed(small_world: World) -> None:
    world = small_world
    async with world.house():
        desk = await begun(world, "telegram")
        old = world.telegram.group
        new = await world.telegram.migrate(old)
        await world.text("After the move", SUE)
        await until(lambda: "After the move" in world.telegram.transcript(new))
        topic = next(iter(new.topics))
        await world.telegram.say("Ben", new, "Hi Sue", topic=topic)
        await until(lambda: world.phone(SUE) == ["Hi Sue"])
        del desk
    world.telegram.group = old  # the configuration still names the old id
    async with world.house():
        world.telegram.group = new
        await world.text("And after a restart", SUE)
        await until(lambda: "And after a restart" in world.telegram.transcript(new))


async def test_an_archived_channel_is_told_of_and_nothing_is_lost(
    small_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = small_world
    monkeypatch.setattr("bridge.engine.settling.UNUSABLE", 0.5)
    async with world.house():
        await begun(world, "slack")
        await world.slack.archive(world.channel)
        await world.text("one")
        await world.text("two")

        async def says_so() -> bool:
            return "archived" in str((await world.ask("/readyz"))["parts"]["slack"])

        await until(says_so)
        await until(lambda: "two" in world.telegram_page())
        await TelegramDesk(world).say("meanwhile")
        await until(lambda: world.phone() == ["meanwhile"])
        await world.slack.unarchive(world.channel)
        await until(lambda: in_order(world.slack_page(), "one", "two", "meanwhile"))
        await until(world.is_ready)


# ---- desks that go away ---------------------------------------------------------------------------------


async def test_slack_is_away_for_a_while(house: World) -> None:
    await begun(house, "slack")
    await house.slack.go_down()
    for number in range(3):
        await house.text(f"part {number}")
    await until(lambda: "part 2" in house.telegram_page())
    await TelegramDesk(house).say("We hear you")
    await until(lambda: house.phone() == ["We hear you"])
    await house.slack.come_back()
    parts = ("part 0", "part 1", "part 2", "We hear you")
    await until(lambda: in_order(house.slack_page(), *parts), seconds=30)


async def test_telegram_is_away_for_a_while(house: World) -> None:
    await begun(house, "telegram")
    await house.telegram.down()
    for number in range(3):
        await house.text(f"part {number}")
    await until(lambda: "part 2" in house.slack_page())
    await SlackDesk(house).say("We hear you")
    await until(lambda: house.phone() == ["We hear you"])
    await house.telegram.up()
    parts = ("part 0", "part 1", "part 2", "We hear you")
    await until(lambda: in_order(house.telegram_page(), *parts), seconds=30)


async def test_twilio_is_away_for_a_while(house: World) -> None:
    desk = await begun(house, "slack")
    await house.twilio.down()
    mine = [await desk.say("one"), await desk.say("two")]
    await asyncio.sleep(0.6)
    await house.twilio.up()
    await until(lambda: house.phone() == ["one", "two"], seconds=20)
    await until(lambda: all(desk.mark(one) == "delivered" for one in mine))


# ---- beginning a conversation ---------------------------------------------------------------------------


async def test_sms_new_number_text(small_house: World) -> None:
    world = small_house
    await world.slack.command(world.ana, world.channel, "/sms", "new (555) 010-0142 Your keys are here")
    await until(lambda: world.phone() == ["Your keys are here"])
    await until(lambda: "Ana opened this conversation" in world.slack_page())
    await until(lambda: "Your keys are here" in world.slack_page())
    await until(lambda: "Your keys are here" in world.telegram_page())
    await world.text("Great")
    await until(lambda: "Great" in world.slack_page())
    assert len(world.roots()) == 1
    assert world.twilio.sent[0].from_ == NUMBER


async def test_sms_new_opens_the_form(small_house: World) -> None:
    world = small_house
    await world.slack.command(world.ana, world.channel, "/sms", "new 555-010-0142")
    await until(lambda: world.slack.modal(world.ana) is not None)
    assert "(555) 010-0142" in world.slack.show(world.slack.modal(world.ana))
    await world.slack.submit(world.ana, values={"text": "From the form"})
    await until(lambda: world.phone() == ["From the form"])


async def test_new_number_in_general(small_house: World) -> None:
    world = small_house
    desk = TelegramDesk(world)
    await desk.say("/new 555 010 0142 Your keys are here", aside=True)
    await until(lambda: world.phone() == ["Your keys are here"])
    await until(lambda: "Ben opened this conversation" in world.telegram_page())
    await until(lambda: "Your keys are here" in world.slack_page())
    await desk.say("/new 12", aside=True)
    await until(told(desk, "“12” is not a number that can be texted"))
    assert desk.threads() == 1
    await desk.say("/new +1 555 010 0177", aside=True)
    await until(lambda: desk.threads() == 2)
    assert world.phone(SUE) == []


# ---- what was written while nobody was there ------------------------------------------------------------


async def test_replies_written_while_the_daemon_was_down_are_sent_once(world: World) -> None:
    async with world.house():
        desk = await begun(world, "slack")
        thread = await world.slack_thread()
    await world.slack.say(world.ana, world.channel, "While you slept", thread_ts=thread)
    await world.slack.say(world.ana, world.channel, "// a note", thread_ts=thread)
    await asyncio.sleep(world.slack.courier.retry_delay * 5)  # Slack gives up on the events
    async with world.house():
        await until(lambda: world.phone() == ["While you slept"])
        mine = await desk.say("Good morning")
        await until(lambda: desk.mark(mine) == "delivered")
    async with world.house():
        mine = await desk.say("Once more")
        await until(lambda: desk.mark(mine) == "delivered")
    assert world.phone() == ["While you slept", "Good morning", "Once more"]


async def test_replies_that_are_too_old_by_then_get_a_word(small_world: World) -> None:
    world = small_world
    world.options["inbox"] = "catch_up_hours = 0"
    async with world.house():
        desk = await begun(world, "slack")
        thread = await world.slack_thread()
    old = await world.slack.say(world.ana, world.channel, "Come at noon", thread_ts=thread)
    await asyncio.sleep(world.slack.courier.retry_delay * 5)
    async with world.house():
        await until(lambda: "Not sent: Ana wrote “Come at noon” while threadline was down" in desk.page())
        await until(lambda: desk.mark(old) == "cancelled")
        assert world.phone() == []


async def test_telegram_keeps_replies_while_the_daemon_is_down(small_world: World) -> None:
    world = small_world
    async with world.house():
        desk = await begun(world, "telegram")
    await desk.say("While you slept")
    async with world.house():
        await until(lambda: world.phone() == ["While you slept"])


# ---- answers that get lost ------------------------------------------------------------------------------


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for what may have gone out within tenths of seconds."""
    monkeypatch.setattr("bridge.engine.settling.LOOK_AFTER", (0.2, 0.3, 0.4))


async def test_a_post_whose_answer_got_lost_stands_once(house: World, soon: None) -> None:
    await begun(house, "slack")
    house.slack.misbehave("chat.postMessage", Drop())
    await house.text("Only once please")
    await house.text("And then this")
    await until(lambda: in_order(house.slack_page(), "Only once please", "And then this"))
    await asyncio.sleep(0.5)
    assert in_order(house.slack_page(), "Only once please", "And then this")


async def test_a_card_whose_answer_got_lost_stands_once(house: World, soon: None) -> None:
    house.slack.misbehave("chat.postMessage", Drop())
    await house.text("Hello?")
    await until(lambda: "Hello?" in house.slack_page())
    assert len(house.roots()) == 1


async def test_a_text_whose_answer_got_lost_is_sent_once(house: World, soon: None) -> None:
    desk = await begun(house, "slack")
    house.twilio.misbehave("send", misbehave.drop_after())
    mine = await desk.say("Only once please")
    await until(lambda: desk.mark(mine) == "delivered")
    later = await desk.say("And then this")
    await until(lambda: desk.mark(later) == "delivered")
    assert house.phone() == ["Only once please", "And then this"]
    assert len(house.twilio.sent) == 2


async def test_a_text_that_never_arrived_is_found_absent_and_sent(small_house: World, soon: None) -> None:
    desk = await begun(small_house, "slack")
    small_house.twilio.misbehave("send", misbehave.drop_before())
    mine = await desk.say("Only once please")
    await until(lambda: desk.mark(mine) == "delivered")
    assert small_house.phone() == ["Only once please"]


async def test_telegram_cannot_be_asked_so_staff_are_told(house: World, soon: None) -> None:
    await begun(house, "telegram")
    house.telegram.misbehave("sendMessage", misbehave.drop_after())
    await house.text("Did you get this?")
    await until(
        lambda: "May already be shown above; repeated so that nothing is lost" in house.telegram_page()
    )
    assert house.telegram_page().count("Did you get this?") == 2
    assert house.slack_page().count("Did you get this?") == 1


# ---- 429 ------------------------------------------------------------------------------------------------


async def test_each_can_say_that_it_is_too_much(house: World) -> None:
    desk = await begun(house, "slack")
    house.slack.misbehave("chat.postMessage", RateLimited(retry_after=1))
    house.telegram.misbehave("sendMessage", misbehave.rate_limit(1))
    house.twilio.misbehave("send", misbehave.rate_limit(1))
    await house.text("one")
    mine = await desk.say("two")
    await until(lambda: desk.mark(mine) == "delivered")
    await until(lambda: in_order(house.slack_page(), "      one"))
    await until(lambda: in_order(house.telegram_page(), "    one", "    two"))
    assert house.phone() == ["two"]
    assert len(house.twilio.sent) == 1
