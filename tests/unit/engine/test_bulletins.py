"""A bulletin is posted once, changed where it stands, and left alone once somebody has deleted it."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bridge.engine.bulletins import Bulletins
from bridge.engine.files import Files
from bridge.errors import Gone
from bridge.model.decision import Decision
from bridge.model.effects import Effect, ShowBulletin
from bridge.model.outreach import Bulletin
from bridge.model.shapes import File, Post
from bridge.ports import PostingPlatform
from bridge.store import apply, database
from bridge.store.claim import Claimed
from bridge.store.store import Store


class Wall:
    """A desk that remembers what hangs on it."""

    traits = SimpleNamespace(can_find=True)

    def __init__(self) -> None:
        self.posts: dict[str, str] = {}
        self.keys: dict[str, str] = {}

    async def post(
        self, desk: str, thread: str | None, post: Post, files: Sequence[File], key: str
    ) -> tuple[str, ...]:
        ref = f"{len(self.keys) + 1}"
        self.posts[ref] = post.body
        self.keys[key] = ref
        return (ref,)

    async def edit_post(self, desk: str, thread: str, ref: str, post: Post) -> None:
        if ref not in self.posts:
            raise Gone("deleted")
        self.posts[ref] = post.body

    async def find(self, desk: str, thread: str | None, key: str, since: float) -> str | None:
        return self.keys.get(key)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    url = f"sqlite:///{tmp_path / 'b.db'}"
    await database.migrate(url)
    store = Store(url)
    await store.open()
    yield store
    await store.close()


async def _show(store: Store, wall: Wall, text: str, doubtful: bool = False, key: str = "") -> None:
    body = ShowBulletin("poll:1@slack.support", "slack.support", Post("Poll", text))
    row = Bulletin(body.bulletin_id, body.desk, "poll:1", body.post, 1.0)
    await store.run(lambda: apply.apply([Decision(save=(row,))], 1.0))
    effect = Effect("1", key or text, "lane", "meter", body)
    bulletins = Bulletins(store.engine, cast("Files", None))
    await bulletins.show(
        Claimed("lane", 1, effect, doubtful=doubtful), body, cast("PostingPlatform", cast("Any", wall))
    )


async def test_it_is_posted_once_and_then_changed(store: Store) -> None:
    wall = Wall()
    for text in ("A: 1", "A: 2", "A: 3"):
        await _show(store, wall, text)
    assert wall.posts == {"1": "A: 3"}


async def test_one_that_may_stand_there_is_looked_for(store: Store) -> None:
    wall = Wall()
    await wall.post("slack.support", None, Post("Poll", "A: 1"), (), "first")
    await _show(store, wall, "A: 1", doubtful=True, key="first")
    await _show(store, wall, "A: 2")
    assert wall.posts == {"1": "A: 2"}


async def test_one_that_was_deleted_by_hand_stays_deleted(store: Store) -> None:
    wall = Wall()
    await _show(store, wall, "A: 1")
    wall.posts.clear()
    await _show(store, wall, "A: 2")
    assert wall.posts == {}
