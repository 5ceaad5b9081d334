"""Who may sign in, on both databases: links work once, sessions end, nothing is kept in plain."""

import pytest

from bridge.store.database import async_engine, migrate
from bridge.store.staff import NameTaken, NoSuchMember, Staff
from bridge.store.tables import sessions
from bridge.store.tables import staff as staff_table
from tests.unit.operator_rows import Rows

DAY = 24 * 3600


@pytest.fixture
async def engine(database_url):
    await migrate(database_url)
    engine = async_engine(database_url)
    yield engine
    await engine.dispose()


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def staff(engine, clock):
    return Staff(engine, clock)


async def test_a_link_signs_in_once(staff):
    token = await staff.add("Ana", "admin")
    session = await staff.redeem(token)
    member = await staff.who(session)
    assert (member.name, member.role) == ("Ana", "admin")
    assert await staff.redeem(token) is None
    assert await staff.redeem("guess") is None
    assert await staff.who("guess") is None
    assert await staff.who(token) is None


async def test_a_link_is_good_for_a_day(staff, clock):
    token = await staff.add("Ana", "agent")
    clock.now += DAY + 1
    assert await staff.redeem(token) is None
    [row] = await staff.all()
    assert row["link_until"] is None
    assert await staff.redeem(await staff.link("Ana")) is not None


async def test_a_new_link_makes_the_old_one_void(staff):
    old = await staff.add("Ana", "agent")
    new = await staff.link("Ana")
    assert await staff.redeem(old) is None
    assert await staff.redeem(new) is not None


async def test_a_session_ends(staff, clock):
    first = await staff.redeem(await staff.add("Ana", "agent"))
    second = await staff.redeem(await staff.link("Ana"))
    await staff.sign_out(first)
    assert await staff.who(first) is None
    assert (await staff.who(second)).name == "Ana"
    clock.now += 31 * DAY
    assert await staff.who(second) is None


async def test_who_is_removed_is_out_at_once(staff):
    session = await staff.redeem(await staff.add("Ana", "agent"))
    await staff.remove("Ana")
    assert await staff.who(session) is None
    assert await staff.all() == []
    with pytest.raises(NoSuchMember):
        await staff.remove("Ana")


async def test_a_role_counts_in_open_sessions(staff):
    session = await staff.redeem(await staff.add("Ana", "agent"))
    await staff.set_role("Ana", "admin")
    assert (await staff.who(session)).role == "admin"
    with pytest.raises(NoSuchMember):
        await staff.set_role("Ben", "admin")


async def test_names_are_taken_once(staff):
    await staff.add("Ana", "agent")
    with pytest.raises(NameTaken):
        await staff.add("Ana", "admin")
    [row] = await staff.all()
    assert (row["role"], row["sessions"]) == ("agent", 0)


async def test_nothing_is_kept_in_plain(staff, engine):
    token = await staff.add("Ana", "agent")
    session = await staff.redeem(await staff.link("Ana"))
    rows = Rows(engine)
    kept = repr(await rows.all(staff_table)) + repr(await rows.all(sessions))
    assert token not in kept
    assert session not in kept
