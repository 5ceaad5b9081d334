"""The whole path: a text becomes a thread on every desk, a reply becomes a text, each desk sees the other."""

from tests.e2e.house import NUMBER, World, until


async def test_a_text_becomes_a_thread_on_every_desk(house: World) -> None:
    answer = await house.text("Our heat is out since Tuesday")

    assert answer.status == 200
    await until(lambda: "Our heat is out since Tuesday" in house.slack_page())
    await until(lambda: "Our heat is out since Tuesday" in house.telegram_page())
    assert "(555) 010-0142" in house.slack_page()
    assert "(555) 010-0142" in house.telegram_page()
    assert len(house.roots()) == 1


async def test_a_reply_in_slack_becomes_a_text_and_shows_in_telegram(house: World) -> None:
    await house.text("Hello?")
    ts = await house.slack_reply("Hi, this is Ana. What happened?")

    await until(lambda: house.phone() == ["Hi, this is Ana. What happened?"])
    assert house.twilio.sent[0].from_ == NUMBER
    await until(lambda: "Hi, this is Ana. What happened?" in house.telegram_page())
    assert "Ana (Slack)" in house.telegram_page()
    await until(lambda: house.slack_marks(ts) == ["white_check_mark"])


async def test_a_reply_in_telegram_becomes_a_text_and_shows_in_slack(house: World) -> None:
    await house.text("Hello?")
    topic = await house.telegram_topic()
    await house.telegram.say("Ben", house.telegram.group, "We are on our way 👍", topic=topic)

    await until(lambda: house.phone() == ["We are on our way 👍"])
    await until(lambda: "We are on our way 👍" in house.slack_page())
    assert "Ben (Telegram)" in house.slack_page()


async def test_the_second_text_goes_into_the_same_thread_in_order(house: World) -> None:
    for number in range(5):
        await house.text(f"part {number}")

    await until(lambda: "part 4" in house.slack_page() and "part 4" in house.telegram_page())
    page = house.slack_page()
    assert [page.index(f"part {n}") for n in range(5)] == sorted(page.index(f"part {n}") for n in range(5))
    assert len(house.roots()) == 1
    assert len(house.telegram.group.topics) == 1


async def test_a_reply_that_is_quicker_than_our_bookkeeping_is_not_lost(house: World) -> None:
    """Somebody writes in a topic before threadline has noted what the platform calls it."""
    await house.text("Hello?")
    await until(lambda: bool(house.telegram.group.topics))
    topic = next(iter(house.telegram.group.topics))
    await house.telegram.say("Ben", house.telegram.group, "quick!", topic=topic)

    await until(lambda: house.phone() == ["quick!"])
