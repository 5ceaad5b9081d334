"""People that were multiplied are as good as those whom the product made."""

import sqlalchemy as sa

from bench.house import house
from bench.people import multiply
from bench.webhooks import person
from bridge.store.tables import contacts, conversations, lanes, messages, post_refs, threads

DESKS = "slack.support, web"


async def test_copies_are_known_with_their_threads(database_url: str) -> None:
    async with house(database_url, DESKS) as ours:
        for number in range(3):
            await ours.take([number], 1)
            await ours.decide()
            while await ours.deliver():
                pass
    await multiply(database_url, 200, waiting=False)

    async with house(database_url, DESKS) as ours:
        async with ours.store.engine.connect() as connection:
            counts = [
                await connection.scalar(sa.select(sa.func.count()).select_from(table))
                for table in (contacts, conversations, threads, messages, post_refs)
            ]
        assert counts[:4] == [201, 201, 402, 603]
        assert counts[4] % 201 == 0
        await ours.take([1_000], 1, first=77)  # person 77 texts again, whom only the copy made
        await ours.decide()
        await ours.deliver()
        page = ours.pages["slack"]
        assert not page.cards, "a thread was opened for somebody who has one"
        ((thread, post),) = page.posts
        assert post.body.endswith("(1000)")
        async with ours.store.engine.connect() as connection:
            wanted = (
                sa.select(threads.c.ref)
                .join(conversations, conversations.c.id == threads.c.conversation_id)
                .join(contacts, contacts.c.id == conversations.c.contact_id)
                .where(contacts.c.address == person(77), threads.c.desk == "slack.support")
            )
            assert (await connection.execute(wanted)).scalars().all() == [thread]
        rows = await ours.inbox.rows("web", "", None, 50)
        assert len({row.number for row in rows}) == 50
        opened = await ours.inbox.open("web", rows[0].thread, None, 50)
        assert opened is not None
        assert opened.row.last_text == "Is the clinic open on Friday? (1000)"


async def test_what_waits_is_copied_with_its_lanes(database_url: str) -> None:
    async with house(database_url, "slack.support") as ours:
        await ours.take([0], 1)
        await ours.decide()
    await multiply(database_url, 20, waiting=True)

    async with house(database_url, "slack.support") as ours:
        async with ours.store.engine.connect() as connection:
            assert await connection.scalar(sa.select(sa.func.count()).select_from(lanes)) == 21
        while await ours.deliver():
            pass
        page = ours.pages["slack"]
        assert len(page.cards) == 21
        assert sorted(thread for thread, _ in page.posts) == sorted(page.cards)
