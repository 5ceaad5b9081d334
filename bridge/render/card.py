"""The card: the head of a thread. Drawn from stored rows alone, so equal rows give an equal card."""

from collections.abc import Sequence

from bridge.model.address import show
from bridge.model.decision import Desk, World
from bridge.model.nouns import Contact, Conversation, Subscription, Thread
from bridge.model.panel import opens
from bridge.model.shapes import Button, Card
from bridge.model.text import shorten
from bridge.render import words
from bridge.render.times import moment

LABEL = 75  # what the strictest platform shows of a button's label


def button(action: str, label: str, value: str, danger: bool = False, confirm: str = "") -> Button:
    """Give a button whose label every platform can show."""
    return Button(action, shorten(label, LABEL), value, danger, confirm)


def who(contact: Contact, region: str) -> str:
    """Name a person as staff know them: by name, else by number."""
    return contact.name or show(contact.address, region)


def card(
    world: World,
    desk: Desk,
    thread: Thread,
    contact: Contact,
    conversation: Conversation,
    subscriptions: Sequence[Subscription] = (),
) -> Card:
    """Draw the card of one thread."""
    region, zone = world.organisation.region, world.organisation.timezone
    facts = [
        (
            words.FACT_SENDER if contact.address_kind == "name" else words.FACT_NUMBER,
            show(contact.address, region),
        ),
        (words.FACT_LINE, _line(world, conversation.line)),
        (words.FACT_SUBSCRIPTION, subscription_state(contact, subscriptions, zone)),
        (words.FACT_ASSIGNED, conversation.assigned_to or words.NOBODY),
    ]
    if conversation.waiting_since is not None:
        facts.append((words.FACT_WAITING, moment(conversation.waiting_since, zone)))
    if contact.opted_out_at is None and contact.address_kind != "name":  # else nothing can be sent anyway
        mode = words.MODE_EXPLICIT if desk.reply_mode == "explicit" else words.MODE_DIRECT
        facts.append((words.FACT_MODE, mode))
    return Card(
        title=who(contact, region),
        facts=tuple(facts),
        notice=_notice(contact, conversation),
        buttons=_buttons(conversation, thread),
        menu=_menu(contact, thread, thread.display or desk.display),
    )


def looks(
    thread: Thread, contact: Contact, conversation: Conversation, subscriptions: Sequence[Subscription]
) -> tuple[object, ...]:
    """Give all of the rows that `card` draws: while this is equal, so is the card."""
    return (
        (contact.name, contact.address, contact.opted_out_at, contact.unsubscribed_at),
        (contact.doubted_at is None, contact.blocked_at is None),
        (conversation.state, conversation.assigned_to, conversation.waiting_since),
        thread.display,
        sorted(s.list_name for s in subscriptions if s.ended_at is None),
    )


def removed(name: str) -> Card:
    """Draw what stays of a removed conversation: one line, without the number."""
    return Card(title=words.REMOVED_BY.format(name=name), facts=(), closed=True)


def subscription_state(contact: Contact, subscriptions: Sequence[Subscription], zone: str) -> str:
    """Say in words whether and to what they are subscribed; the strongest fact first."""
    lists = sorted(s.list_name for s in subscriptions if s.ended_at is None)
    if contact.opted_out_at is not None:
        return words.STATE_OPTED_OUT.format(when=moment(contact.opted_out_at, zone))
    if contact.unsubscribed_at is not None:
        return words.STATE_UNSUBSCRIBED
    if contact.doubted_at is not None:
        return words.STATE_DOUBTED
    return words.STATE_SUBSCRIBED.format(lists=", ".join(lists)) if lists else words.STATE_NO_LIST


def _line(world: World, name: str) -> str:
    line = world.lines.get(name)
    if line is None:
        return name
    number = show(line.number, world.organisation.region)
    return f"{number} ({name})" if len(world.lines) > 1 else number


def _notice(contact: Contact, conversation: Conversation) -> str:
    if contact.opted_out_at is not None:
        return words.CARD_OPTED_OUT
    if contact.address_kind == "name":
        return words.CARD_NAME
    if contact.blocked_at is not None:
        return words.CARD_BLOCKED
    if contact.doubted_at is not None:
        return words.CARD_DOUBTED
    return words.CARD_RESOLVED if conversation.state == "resolved" else ""


def _buttons(conversation: Conversation, thread: Thread) -> tuple[Button, ...]:
    if conversation.state == "resolved":
        first = button("reopen", words.REOPEN, thread.id)
    else:
        first = button("resolve", words.RESOLVE, thread.id)
    return (first, button("assign", words.ASSIGN_TO_ME, thread.id))


def _display(thread: Thread, now: str) -> Button:
    if now == "all":
        return button("show_natural", words.SHOW_NATURAL, thread.id)
    return button("show_all", words.SHOW_ALL, thread.id)


def _menu(contact: Contact, thread: Thread, display: str) -> tuple[Button, ...]:
    if contact.unsubscribed_at is None:
        subscription = button(
            "unsubscribe",
            words.UNSUBSCRIBE_CONTACT,
            thread.id,
            danger=True,
            confirm=words.UNSUBSCRIBE_CONFIRM,
        )
    else:
        subscription = button("resubscribe", words.RESUBSCRIBE_CONTACT, thread.id)
    return (
        opens("pick", words.USE_TEMPLATE),
        opens("contact", words.CONTACT_TITLE),
        subscription,
        button("remove", words.REMOVE, thread.id, danger=True, confirm=words.REMOVE_CONFIRM),
        _display(thread, display),
    )
