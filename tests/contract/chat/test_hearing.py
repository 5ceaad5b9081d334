"""Every chat platform: what a colleague writes is heard once, in order, and never lost."""

from bridge.model.shapes import Post
from tests.contract.chat.rigs import Rig


async def test_what_a_colleague_writes_is_told(ears: Rig) -> None:
    thread = await ears.thread()
    ref = await ears.say("Since when? <b> & *so* 👍 שלום", thread)

    [wrote] = await ears.heard()
    assert (wrote.desk, wrote.thread, wrote.ref) == (ears.desk, thread, ref)
    assert wrote.text == "Since when? <b> & *so* 👍 שלום"
    assert (wrote.author.id, wrote.author.standing) == (ears.anna, "member")
    assert wrote.author.name and wrote.author.name != wrote.author.id
    assert wrote.at > 1e9 and wrote.order
    assert not (wrote.starts_with_mention or wrote.media)


async def test_order_sorts_as_it_was_written(ears: Rig) -> None:
    thread = await ears.thread()
    said = [f"word {number}" for number in range(12)]
    refs = [await ears.say(text, thread) for text in said]

    wrote = sorted(await ears.heard(len(said)), key=lambda one: one.order)
    assert [one.text for one in wrote] == said
    assert [one.ref for one in wrote] == refs
    assert len({one.key for one in wrote}) == len(said)


async def test_what_we_post_ourselves_is_nobodys_word(ears: Rig) -> None:
    thread = await ears.thread()
    await ears.post(thread, Post("Bob", "Our heat is out"), "p1")
    await ears.say("Since when?", thread)

    assert [wrote.text for wrote in await ears.heard()] == ["Since when?"]


async def test_told_twice_it_has_one_key(ears: Rig) -> None:
    thread = await ears.thread()
    ref = await ears.say("Coming", thread, twice=True)
    await ears.say("Now", thread)

    await ears.until(lambda: len(ears.wrote()) >= 3)
    wrote = [one for one in ears.wrote() if one.text == "Coming"]
    assert {one.ref for one in wrote} == {ref}
    assert len({one.key for one in wrote}) == 1


async def test_nothing_is_acknowledged_that_is_not_stored(ears: Rig) -> None:
    thread = await ears.thread()
    ears.deaf = True
    ref = await ears.say("Keep me", thread)
    await ears.until(lambda: ears.turned_away)
    assert not ears.told

    ears.deaf = False
    if not ref:  # whoever wrote it was told at once, and tries again
        ref = await ears.say("Keep me", thread)
        assert ref
    wrote = await ears.heard()
    assert {(one.text, one.ref) for one in wrote} == {("Keep me", ref)}
