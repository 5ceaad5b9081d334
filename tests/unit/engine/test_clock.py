"""The daemon's clock follows the machine's forwards and never back."""

from bridge.engine.clock import steady


def test_it_follows_forwards_and_goes_on_when_set_back() -> None:
    wall, since_boot = [1000.0], [5.0]
    now = steady(lambda: wall[0], lambda: since_boot[0])
    assert now() == 1000.0

    wall[0], since_boot[0] = 4600.0, 6.0  # an hour forwards
    assert now() == 4600.0

    wall[0], since_boot[0] = 1002.0, 8.0  # and back
    assert now() == 4602.0

    wall[0], since_boot[0] = 5000.0, 9.0
    assert now() == 5000.0
