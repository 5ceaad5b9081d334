"""A store with a world of one line and one desk, and decisions that tests choose."""

import pytest

from bridge.model.decision import Desk, Line, Organisation, World
from bridge.model.traits import ChatTraits, Rate, SmsTraits


@pytest.fixture
def world() -> World:
    """One line, one desk."""
    line = Line("main", "+15550100001", ("slack.support",), SmsTraits(Rate(1), 1600))
    desk = Desk("slack.support", ChatTraits(Rate(1, 4), Rate(1, 4), 4000), "Slack")
    return World(Organisation("Union", "help@example.org"), {"main": line}, {"slack.support": desk})
