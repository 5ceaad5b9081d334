"""Who may do what. Agents answer people; admins also change how the house works."""

from dataclasses import replace
from typing import Final

from bridge.decide.deciding import Deciding
from bridge.model.decision import World
from bridge.model.nouns import Author, Colleague, Role

ADMINS_ONLY: Final = frozenset(
    {
        *("set", "template_save", "template_remove", "template_restore", "role", "block", "unblock", "erase"),
        *("poll_save", "poll_close", "poll_reopen"),
        *("campaign_save", "campaign_start", "campaign_pause", "campaign_resume", "campaign_cancel"),
        *("campaign_test", "campaign_remove"),
        *("keyword_save", "keyword_remove", "list_add", "form_save", "form_remove"),
    }
)


def role(world: World, desk: str, person: Author) -> Role:
    """Give somebody's role on a desk.

    What the configuration says comes first, then what an admin said by command, then the account's own.
    Where nobody is named admin of a desk, everybody who may answer there is one.
    """
    here = world.desks.get(desk)
    if here is not None and person.id in here.admins:
        return "admin"
    known = world.colleagues.get((desk, person.id))
    if known is not None and known.role:
        return known.role
    if person.role:
        return person.role
    named = any(one.role == "admin" for (where, _), one in world.colleagues.items() if where == desk)
    return "agent" if named or (here is not None and here.admins) else "admin"


def may(world: World, desk: str, person: Author, action: str) -> bool:
    """Say whether somebody may do that."""
    return action not in ADMINS_ONLY or role(world, desk, person) == "admin"


def meet(d: Deciding, desk: str, person: Author) -> None:
    """Remember who works here: for handing over, roles and notifications."""
    if person.standing != "member" or not person.id:
        return
    known = d.world.colleagues.get((desk, person.id))
    if known is None:
        d.save(Colleague(desk, person.id, person.name))
    elif known.name != person.name and person.name:
        d.save(replace(known, name=person.name))
