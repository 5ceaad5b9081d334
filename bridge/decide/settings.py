"""Staff change a setting, a role, a contact's name, a template, or whether they are told of new texts."""

from dataclasses import replace

from bridge.decide import checking, effects, threads
from bridge.decide.deciding import Deciding, ledger
from bridge.decide.press import Press, whisper
from bridge.model.address import read_number
from bridge.model.decision import SettingChange
from bridge.model.hours import quiet
from bridge.model.nouns import Colleague, Template, Watcher
from bridge.model.settings import SETTINGS
from bridge.render import words, words_consent
from bridge.render.card import button


def _wrong(d: Deciding, press: Press) -> bool:
    """Say to who sent it what is wrong with a form."""
    found = checking.problems(d.world, press.desk.name, press.event.action, press.event.form)
    for said in list(found.values())[:1]:
        whisper(d, press, said)
    return bool(found)


def set_(d: Deciding, press: Press) -> None:
    """Change a setting: it holds from now on."""
    if _wrong(d, press):
        return
    form = press.event.form
    setting = SETTINGS[form["name"]]
    value = str(form.get("value", "")).strip()
    if setting.name in ("working_hours", "quiet_hours"):
        value = setting.read(value)
    scope = checking.scope(press.desk.name, form)
    before = d.snapshot.world.settings.get((scope, setting.name))
    d.setting(SettingChange(scope, setting.name, value, press.name, before))
    shown = setting.show(value)
    whisper(d, press, words.SETTING_CHANGED.format(label=setting.label, value=shown))


def role(d: Deciding, press: Press) -> None:
    """Make somebody an admin or an agent of this desk. The last admin stays one."""
    form = press.event.form
    person, _, wish = press.event.value.rpartition(":")
    person, wish = form.get("person", person), form.get("role", wish)
    known = _colleague(d, press.desk.name, person)
    if known is None or wish not in ("agent", "admin"):
        whisper(d, press, words.UNKNOWN_COLLEAGUE)
        return
    others = [
        one
        for (desk, id_), one in d.world.colleagues.items()
        if desk == press.desk.name and id_ != known.id and one.role == "admin"
    ]
    if wish == "agent" and not others and not press.desk.admins:
        whisper(d, press, words.LAST_ADMIN)
        return
    d.save(replace(known, role="admin" if wish == "admin" else "agent"))
    if wish == "admin" and not others and known.id != press.event.author.id and not press.desk.admins:
        me = press.event.author  # whoever names the first admin goes on being one
        d.save(Colleague(press.desk.name, me.id, me.name, "admin"))
    made = words.ROLE_ADMIN if wish == "admin" else words.ROLE_AGENT
    whisper(d, press, made.format(name=known.name))


def _colleague(d: Deciding, desk: str, named: str) -> Colleague | None:
    """Find a colleague by the platform's id, or by a name that only one has."""
    known = d.world.colleagues.get((desk, named))
    called = [
        one
        for (where, _), one in d.world.colleagues.items()
        if where == desk and one.name.casefold() == named.casefold()
    ]
    return known or (called[0] if len(called) == 1 else None)


def name(d: Deciding, press: Press) -> None:
    """Write down who a contact is."""
    if _wrong(d, press):
        return
    assert d.contact is not None
    form = press.event.form
    called = form.get("name", "").strip() or None
    contact = replace(d.contact, name=called)
    if "tags" in form:
        tags = (tag.strip()[:60] for tag in form["tags"].split(","))
        contact = replace(contact, tags=tuple(dict.fromkeys(filter(None, tags))))
    if "timezone" in form:
        contact = replace(contact, timezone=form["timezone"].strip() or None)
    said = words.NAMED.format(name=called) if called else words.UNNAMED
    more = (contact.tags, contact.timezone) != (d.contact.tags, d.contact.timezone)
    d.save(contact)
    whisper(d, press, words.CONTACT_KEPT if more else said)


def template_save(d: Deciding, press: Press) -> None:
    """Make a template, or change one; under a new name it is another one, and the old one goes."""
    if _wrong(d, press):
        return
    form = press.event.form
    called, text, was = form["name"].strip(), form["text"].strip(), form.get("was", "").strip()
    d.save(Template(called, text, press.name, d.now))
    if was and was != called:
        d.save(Template(was, text, press.name, d.now, removed_at=d.now))
    whisper(d, press, words.TEMPLATE_SAVED.format(name=called))


def template_remove(d: Deciding, press: Press) -> None:
    """Take a template out of the list; it can come back."""
    form = press.event.form
    called = form.get("name", "").strip() or press.event.value
    if not called:
        whisper(d, press, words.UNKNOWN_TEMPLATE.format(name=called))
        return
    d.save(Template(called, "", press.name, d.now, removed_at=d.now))
    said = words.TEMPLATE_REMOVED.format(name=called)
    whisper(d, press, said, (button("template_restore", words.UNDO, called),))


def template_restore(d: Deciding, press: Press) -> None:
    """Have a template back that was removed."""
    called = press.event.value
    d.save(Template(called, "", press.name, d.now))
    whisper(d, press, words.TEMPLATE_BACK.format(name=called))


def watch(d: Deciding, press: Press) -> None:
    """Tell this person of new texts by e-mail or text from now on; without an address: no more."""
    if _wrong(d, press):
        return
    form, author = press.event.form, press.event.author
    channel = "sms" if form["channel"] == "sms" else "email"
    address = form.get("address", "").strip()
    if channel == "sms" and address:
        address = read_number(address, d.world.organisation.region) or ""
    lines = tuple(line for line in form.get("lines", "").split() if line in d.world.lines)
    watcher = Watcher(
        desk=press.desk.name,
        person=author.id,
        name=author.name,
        channel="sms" if channel == "sms" else "email",
        address=address,
        on=bool(address),
        every=60.0 * int(form.get("every", "").strip() or "0"),
        quiet=quiet(form.get("quiet", "")),
        lines=lines,
    )
    d.save(watcher)
    whisper(d, press, words.WATCHING.format(address=address) if address else words.NOT_WATCHING)


def block(d: Deciding, press: Press) -> None:
    """Show nothing of this number any more. STOP and HELP are still heard."""
    assert d.contact is not None
    if d.contact.blocked_at is not None:
        whisper(d, press, words.STALE_BLOCKED)
        return
    said = words.BLOCKED.format(name=press.name)
    ledger(d, d.contact, "blocked", source="staff", matched_by=said, actor=press.name)
    d.save(replace(d.contact, blocked_at=d.now))
    threads.announce_everywhere(d, said, "blocked")


def erase(d: Deciding, press: Press) -> None:
    """Have a person erased for good."""
    assert d.contact is not None
    d.effect(effects.erase(d.ids(), d.contact.id, press.name))
    whisper(d, press, words_consent.ERASING.format(name=press.name))


def unblock(d: Deciding, press: Press) -> None:
    """Show their texts again."""
    assert d.contact is not None
    if d.contact.blocked_at is None:
        whisper(d, press, words.STALE_NOT_BLOCKED)
        return
    said = words.UNBLOCKED.format(name=press.name)
    ledger(d, d.contact, "unblocked", source="staff", matched_by=said, actor=press.name)
    d.save(replace(d.contact, blocked_at=None))
    threads.announce_everywhere(d, said, "unblocked")
