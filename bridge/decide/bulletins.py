"""Bulletins: what stands beside all threads, kept up to date: a poll's result, a campaign's progress."""

from collections.abc import Iterable

from bridge.decide import effects
from bridge.decide.deciding import Deciding
from bridge.model.outreach import Bulletin
from bridge.model.shapes import Post


def show(d: Deciding, subject: str, desks: Iterable[str], post: Post) -> None:
    """Show something on these desks, in the place where it stood before. subject: "poll:ID", for ever.

    A desk that draws itself reads it where it is stored.
    """
    for name in desks:
        desk = d.world.desks.get(name)
        if desk is None:
            continue
        bulletin_id = f"{subject}@{name}"
        d.save(Bulletin(bulletin_id, name, subject, post, d.now))
        if not desk.traits.draws_itself:
            d.effect(effects.show_bulletin(d.ids(), desk, bulletin_id, post, d.cause))
