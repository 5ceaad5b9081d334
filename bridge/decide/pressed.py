"""Staff used a button, a menu, a reaction, a shortcut or a command: who may, and who sees to it."""

from collections.abc import Callable, Mapping

from bridge.decide import (
    correcting,
    polls,
    press,
    presses_message,
    presses_outreach,
    presses_subscribers,
    presses_thread,
    rights,
    settings,
    starting,
    watching,
)
from bridge.decide.deciding import Deciding
from bridge.decide.press import Press
from bridge.model.events import StaffPressed
from bridge.render import words

Handler = Callable[[Deciding, Press], None]

HANDLERS: Mapping[str, Handler] = {
    "send": presses_message.send,
    "confirm_send": presses_message.confirm_send,
    "cancel_send": presses_message.cancel_send,
    "send_now": presses_message.send_now,
    "cancel_now": presses_message.cancel_now,
    "retry": presses_message.retry,
    "leave": presses_message.leave,
    "correct": presses_message.correct,
    "straighten": presses_message.straighten,
    "opt_out": correcting.opt_out,
    "not_meant": correcting.not_meant,
    "was_natural": correcting.was_natural,
    "unsubscribe": presses_thread.unsubscribe,
    "resubscribe": presses_thread.resubscribe,
    "remove": presses_thread.remove,
    "assign": presses_thread.assign,
    "resolve": presses_thread.resolve,
    "reopen": presses_thread.reopen,
    "read": presses_thread.read,
    "note": presses_thread.note,
    "display": presses_thread.display,
    "show_all": presses_thread.show_all,
    "show_natural": presses_thread.show_natural,
    "show_hidden": presses_thread.show_hidden,
    "new": starting.new,
    "reply": presses_thread.reply,
    "name": settings.name,
    "block": settings.block,
    "unblock": settings.unblock,
    "erase": settings.erase,
    "set": settings.set_,
    "role": settings.role,
    "watch": settings.watch,
    "watch_test": watching.test,
    "template_save": settings.template_save,
    "template_remove": settings.template_remove,
    "template_restore": settings.template_restore,
    "poll_save": presses_outreach.poll_save,
    "poll_close": presses_outreach.poll_close,
    "poll_reopen": presses_outreach.poll_reopen,
    "vote_assign": polls.assign,
    "vote_leave": polls.leave,
    "campaign_save": presses_outreach.campaign_save,
    "campaign_test": presses_outreach.campaign_test,
    "campaign_start": presses_outreach.campaign_start,
    "campaign_pause": presses_outreach.campaign_pause,
    "campaign_resume": presses_outreach.campaign_resume,
    "campaign_cancel": presses_outreach.campaign_cancel,
    "campaign_remove": presses_outreach.campaign_cancel,
    "keyword_save": presses_subscribers.keyword_save,
    "keyword_remove": presses_subscribers.keyword_remove,
    "list_add": presses_subscribers.list_add,
    "list_join": presses_subscribers.list_join,
    "list_leave": presses_subscribers.list_leave,
    "form_save": presses_subscribers.form_save,
    "form_remove": presses_subscribers.form_remove,
    "form_start": presses_subscribers.form_start,
    "filling_save": presses_subscribers.filling_save,
    "filling_cancel": presses_subscribers.filling_cancel,
    "filling_resume": presses_subscribers.filling_resume,
}

ANYWHERE = frozenset(  # also outside any conversation
    {
        *("new", "display", "set", "role", "watch", "watch_test", "template_save", "template_remove"),
        "template_restore",
        *("poll_save", "poll_close", "poll_reopen"),
        *("campaign_save", "campaign_start", "campaign_pause", "campaign_resume", "campaign_cancel"),
        *("campaign_test", "campaign_remove"),
        *("keyword_save", "keyword_remove", "list_add", "form_save", "form_remove"),
    }
)
QUIET = frozenset({"read"})  # pressed by looking: never answered


def pressed(d: Deciding, event: StaffPressed) -> None:
    """Have a press seen to. What is stale or not allowed gets a polite word to its author alone."""
    desk = d.world.desks.get(event.desk)
    if desk is None or event.author.standing == "bot":
        return
    what = press.read(d, event, desk)
    rights.meet(d, event.desk, event.author)
    handler = HANDLERS.get(event.action)
    if event.author.standing != "member":
        press.whisper(d, what, words.NOT_A_MEMBER_PRESS[event.author.standing])
    elif handler is None:
        press.whisper(d, what, words.UNKNOWN_ACTION.format(action=event.action))
    elif not rights.may(d.world, event.desk, event.author, event.action):
        press.whisper(d, what, words.NOT_AN_ADMIN.format(admins=_admins(d, event.desk)))
    elif event.action not in ANYWHERE and (d.contact is None or what.conversation is None):
        if event.action not in QUIET:
            outside = event.thread is None and not event.value
            press.whisper(d, what, words.NEEDS_THREAD if outside else words.STALE)
    else:
        handler(d, what)


def _admins(d: Deciding, desk: str) -> str:
    """Name whom to ask."""
    named = [
        one.name for (where, _), one in d.world.colleagues.items() if where == desk and one.role == "admin"
    ]
    return ", ".join(named[:3]) or words.NO_ADMIN_KNOWN
