"""What is wrong with a form: said before it is sent, and again when it is decided, the same on every desk."""

from collections.abc import Callable, Mapping
from typing import Final

from email_validator import EmailNotValidError, validate_email

from bridge.decide import checking_outreach, checking_subscribers
from bridge.model.address import read_number
from bridge.model.decision import World
from bridge.model.hours import quiet
from bridge.model.settings import ALL, SETTINGS, line_scope
from bridge.model.zones import is_zone
from bridge.render import words
from bridge.render.fill import unknown_fields

NAME_LENGTH: Final = 60
TEXT_LENGTH: Final = 1600

Problems = dict[str, str]


def problems(world: World, desk: str, action: str, form: Mapping[str, str]) -> Problems:
    """Say what is wrong, by field; empty: nothing."""
    if action in _CHECKS:
        return _CHECKS[action](world, form)
    match action:
        case "set":
            return _set(world, desk, form)
        case "campaign_save":
            return checking_outreach.campaign(world, desk, form)
        case "reply" if not form.get("text", "").strip():
            return {"text": words.NEEDS_WORDS}
        case "name" if len(form.get("name", "")) > NAME_LENGTH:
            return {"name": words.TOO_LONG.format(limit=NAME_LENGTH)}
        case "name" if form.get("timezone", "").strip() and not is_zone(form["timezone"].strip()):
            return {"timezone": words.WRONG_ZONE.format(raw=form["timezone"].strip()[:40])}
    return {}


def _set(world: World, desk: str, form: Mapping[str, str]) -> Problems:
    setting = SETTINGS.get(form.get("name", ""))
    if setting is None:
        known = ", ".join(SETTINGS)
        return {"name": words.UNKNOWN_SETTING.format(name=form.get("name", "")[:40], known=known)}
    try:
        setting.read(form.get("value", "").strip())
    except ValueError as error:
        return {"value": words.WRONG_VALUE.format(label=setting.label, why=str(error))}
    line = form.get("line", "")
    if setting.holds == "line" and line not in world.lines:
        return {"line": words.WRONG_LINE.format(line=line)}
    return {}


def scope(desk: str, form: Mapping[str, str]) -> str:
    """Give the scope that a setting in a form holds in."""
    holds = SETTINGS[form["name"]].holds
    return {"desk": desk, "line": line_scope(form.get("line", "")), "all": ALL}[holds]


def problems_of_template(form: Mapping[str, str]) -> Problems:
    """Say what is wrong with a template (name, text)."""
    found: Problems = {}
    name, text = form.get("name", "").strip(), form.get("text", "").strip()
    if not name or len(name) > NAME_LENGTH:
        found["name"] = words.NEEDS_NAME if not name else words.TOO_LONG.format(limit=NAME_LENGTH)
    if not text or len(text) > TEXT_LENGTH:
        found["text"] = words.NEEDS_WORDS if not text else words.TOO_LONG.format(limit=TEXT_LENGTH)
    elif unknown := unknown_fields(text):
        found["text"] = words.UNKNOWN_FIELD.format(field=unknown[0])
    return found


def _watch(world: World, form: Mapping[str, str]) -> Problems:
    found: Problems = {}
    address = form.get("address", "").strip()
    if form.get("channel") not in ("email", "sms"):
        found["channel"] = words.WRONG_CHANNEL
    elif not address:
        pass  # turns it off
    elif form["channel"] == "sms" and read_number(address, world.organisation.region) is None:
        found["address"] = words.NOT_A_NUMBER.format(raw=address[:40])
    elif form["channel"] == "email":
        if not world.sends_mail:
            found["channel"] = words.NO_MAIL_SERVER
        try:
            validate_email(address, check_deliverability=False)
        except EmailNotValidError:
            found["address"] = words.NOT_AN_EMAIL.format(raw=address[:60])
    every = form.get("every", "0").strip() or "0"
    if not every.isdecimal() or int(every) > 1440:
        found["every"] = words.WRONG_EVERY
    try:
        quiet(form.get("quiet", ""))
    except ValueError as error:
        found["quiet"] = words.WRONG_VALUE.format(label="Quiet hours", why=str(error))
    return found


def _new(world: World, form: Mapping[str, str]) -> Problems:
    raw = form.get("number", "").strip()
    if read_number(raw, world.organisation.region) is None:
        return {"number": words.NOT_A_NUMBER.format(raw=raw[:40])}
    return {}


_CHECKS: Final[Mapping[str, Callable[[World, Mapping[str, str]], Problems]]] = {
    "template_save": lambda _, form: problems_of_template(form),
    "watch": _watch,
    "new": _new,
    "keyword_save": checking_subscribers.keyword,
    "list_add": checking_subscribers.list_,
    "list_join": checking_subscribers.joining,
    "form_save": lambda _, form: checking_subscribers.form_(form),
    "poll_save": checking_outreach.poll,
    "campaign_test": checking_outreach.test,
}
