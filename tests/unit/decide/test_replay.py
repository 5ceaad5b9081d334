"""What holds now follows from the ledger alone, whatever the order; and nobody opted out is texted."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.decide.replay import replay
from bridge.model.events import CampaignDue
from bridge.model.nouns import Keyword
from bridge.model.outreach import Campaign
from bridge.model.verdict import Kind, Verdict
from tests.unit.decide.world import PHONE, PIZZA, START, STOP, World, natural
from tests.unit.decide.world import settings as world_settings

SOUP = Verdict(Kind.OPT_IN, "the keyword SOUP", value="SOUP")
TWICE = Verdict(Kind.OPT_IN, "the keyword TWICE", value="TWICE")
PLAIN = Verdict(Kind.OPT_OUT, "in plain words")
STEPS = {
    "stop": lambda w: w.text("STOP", STOP),
    "plain": lambda w: w.text("please take me off your list for good", PLAIN),
    "start": lambda w: w.text("START", START),
    "pizza": lambda w: w.text("pizza", PIZZA),
    "soup": lambda w: w.text("soup", SOUP),
    "twice": lambda w: w.text("twice", TWICE),
    "yes": lambda w: w.text("yes", Verdict(Kind.POLL, "yes", value=(0,))),
    "doubt": lambda w: w.text("leave me alone maybe", natural(suspicion="leave me alone")),
    "not_meant": lambda w: w.press("not_meant", _last(w)),
    "opt_out": lambda w: w.press("opt_out", _last(w)),
    "unsubscribe": lambda w: w.press("unsubscribe"),
    "resubscribe": lambda w: w.press("resubscribe"),
    "block": lambda w: w.press("block"),
    "unblock": lambda w: w.press("unblock"),
    "join": lambda w: w.press("list_join", form={"list": "members", "why": "signed up"}),
    "leave": lambda w: w.press("list_leave", form={"list": "members"}),
    "correct": lambda w: w.press("was_natural", _last(w)),
    "reply": lambda w: w.write("Hello, how can we help?"),
    "campaign": lambda w: _campaign(w),
}


def _last(world: World) -> str:
    texts = [one for one in world.messages.values() if one.direction == "in"]
    return max(texts, key=lambda one: (one.at, one.id)).id


def _campaign(world: World) -> None:
    world.count += 1
    campaign = Campaign(
        f"c{world.count}", "News", "News", ("members", "pizza", "soup"), "main", state="running"
    )
    world.settings = replace(world.settings, campaigns={campaign.id: campaign})
    world.play(CampaignDue(campaign.id, world.contact.id, PHONE, world.now, world.now))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=16))
def test_the_state_is_the_replay_of_the_ledger(steps: list[str]) -> None:
    """The world asserts at every text that leaves that its recipient is not opted out."""
    world = World(world_settings(lists=("members", "pizza", "soup")))
    double = Keyword("TWICE", "members", "Welcome", double=True)
    world.settings = replace(world.settings, keywords={**world.settings.keywords, "TWICE": double})
    world.text("Hello")
    world.settle()
    for step in steps:
        world.pass_time(30.0)
        STEPS[step](world)
        world.settle()
        now = replay(world.ledger)
        contact = world.contact
        on = {one.list_name for one in world.subscriptions.values() if one.ended_at is None}
        assert now.opted_out == (contact.opted_out_at is not None), step
        assert now.unsubscribed == (contact.unsubscribed_at is not None), step
        assert now.doubted == (contact.doubted_at is not None), step
        assert now.blocked == (contact.blocked_at is not None), step
        assert now.lists == on, step
