"""Panels about how the house works: help, settings, roles, notifications, usage."""

from datetime import datetime

from bridge.engine.panels.reading import Reading
from bridge.model.address import show
from bridge.model.panel import Field, Panel, Row, opens
from bridge.model.settings import ALL, SETTINGS, Setting, line_scope
from bridge.model.shapes import Button
from bridge.ports import Asker
from bridge.render import commands, words
from bridge.render.times import moment, zone
from bridge.store import desk

CHANGES = 30


async def help_(r: Reading, asker: Asker, value: str) -> Panel:
    """Explain the desk to those who work on it."""
    rows = tuple(Row(command.usage, command.meaning) for command in commands.COMMANDS)
    return Panel("help", words.HELP_TITLE, words.HELP_TEXT, rows)


def _shown(r: Reading, asker: Asker, setting: Setting, line: str = "") -> str:
    """Show the value in force."""
    made = r.world.settings.get((ALL, setting.name))
    if setting.holds == "desk":
        value: object = getattr(r.world.desks[asker.desk], setting.name)
    elif setting.holds == "line":
        value = getattr(r.world.lines[line], setting.name)
    else:
        value = getattr(r.world, setting.name, made)
    raw = f"{value:g}" if isinstance(value, float) else "" if value is None else str(value)
    return setting.show(raw)


async def settings(r: Reading, asker: Asker, value: str) -> Panel:
    """List what can be set, with what is in force."""
    admin, rows = r.is_admin(asker), []
    for setting in SETTINGS.values():
        for line in list(r.world.lines) if setting.holds == "line" else [""]:
            label = f"{setting.label} ({line})" if line and len(r.world.lines) > 1 else setting.label
            button = opens("setting", words.CHANGE, f"{setting.name}:{line}")
            rows.append(Row(label, _shown(r, asker, setting, line), (button,) if admin else ()))
    buttons = [opens("notify", words.NOTIFY_TITLE), opens("roles", words.ROLES_TITLE)]
    buttons += [opens("templates", words.TEMPLATES_TITLE), opens("changes", words.CHANGES_TITLE)]
    said = words.SETTINGS_TEXT if admin else words.SETTINGS_READ_ONLY
    usage = ("settings NAME VALUE",) if admin else ()
    return Panel("settings", words.SETTINGS_TITLE, said, tuple(rows), buttons=tuple(buttons), usage=usage)


async def setting(r: Reading, asker: Asker, value: str) -> Panel:
    """Let an admin change one setting. value: "name" or "name:line"."""
    name, _, line = value.partition(":")
    found = SETTINGS.get(name)
    if found is None:
        return Panel("setting", words.SETTINGS_TITLE, words.STALE)
    if found.holds == "line":
        line = line or next(iter(r.world.lines), "")
        if line not in r.world.lines:
            return Panel("setting", words.SETTINGS_TITLE, words.WRONG_LINE.format(line=line))
    scope = {"desk": asker.desk, "line": line_scope(line), "all": ALL}[found.holds]
    now = r.world.settings.get((scope, name), "")
    if not now and found.holds != "all":
        holder: object = r.world.lines[line] if line else r.world.desks[asker.desk]
        raw = getattr(holder, name)
        now = f"{raw:g}" if isinstance(raw, float) else "" if raw is None else str(raw)
    kind = "choice" if found.options else "line"
    field = Field(
        "value", found.label, "choice" if kind == "choice" else "line", now, found.options, found.hint, True
    )
    example = found.options[0][0] if found.options else "VALUE"
    usage = f"settings {name} {line + ' ' if found.holds == 'line' else ''}{example}"
    return Panel(
        "setting",
        words.SETTINGS_TITLE,
        words.SETTING_TEXT.format(label=found.label, value=_shown(r, asker, found, line)),
        fields=(field,),
        submit=Button("set", words.SAVE, ""),
        kept=(("name", name), ("line", line)),
        usage=(usage,),
    )


async def changes(r: Reading, asker: Asker, value: str) -> Panel:
    """Say who changed what, when."""
    tz, rows = r.world.organisation.timezone, []
    for one in await desk.last_changes(r.engine, CHANGES):
        known = SETTINGS.get(one.name)
        label = known.label if known else one.name
        where = f" ({one.scope.removeprefix('line:')})" if one.scope else ""
        said = words.CHANGE_LINE.format(
            label=f"{label}{where}",
            before=one.before or words.AS_CONFIGURED,
            after=one.after or words.SETTING_NONE,
        )
        rows.append(Row(said, f"{one.by}, {moment(one.at, tz)}"))
    text = "" if rows else words.CHANGES_NONE
    return Panel("changes", words.CHANGES_TITLE, text, tuple(rows), buttons=(opens("settings", words.BACK),))


async def notify(r: Reading, asker: Asker, value: str) -> Panel:
    """Let somebody choose how they are told of new texts."""
    mine = await desk.watching(r.engine, asker.desk, asker.person.id)
    on = next((one for one in mine if one.on), None)
    channels = [("sms", words.CHANNEL_SMS)]
    if r.world.sends_mail:
        channels.insert(0, ("email", words.CHANNEL_EMAIL))
    said = words.NOTIFY_NOW.format(address=on.address) if on else words.NOTIFY_OFF
    shown = show(on.address, r.world.organisation.region) if on and on.channel == "sms" else ""
    return Panel(
        "notify",
        words.NOTIFY_TITLE,
        said,
        fields=(
            Field(
                "channel",
                words.FIELD_CHANNEL,
                "choice",
                on.channel if on else channels[0][0],
                tuple(channels),
            ),
            Field("address", words.FIELD_ADDRESS, value=shown or (on.address if on else ""), optional=True),
            Field("every", words.FIELD_EVERY, value=f"{on.every / 60:.0f}" if on else "0", optional=True),
            Field(
                "quiet", words.FIELD_QUIET, value=on.quiet if on else "", hint="22:00-07:00", optional=True
            ),
        ),
        submit=Button("watch", words.SAVE, ""),
        buttons=(Button("watch_test", words.NOTIFY_TEST, ""),) if on else (),
        usage=("notify email ADDRESS", "notify sms NUMBER", "notify off", "notify test"),
    )


async def roles(r: Reading, asker: Asker, value: str) -> Panel:
    """Say who may do what, and let an admin change it."""
    here = [one for (where, _), one in r.world.colleagues.items() if where == asker.desk]
    admin, rows = r.is_admin(asker), []
    fixed = r.world.desks[asker.desk].admins
    named = any(one.role == "admin" for one in here) or bool(fixed)
    for one in sorted(here, key=lambda one: one.name.lower()):
        is_admin = one.id in fixed or one.role == "admin" or (not named and one.role != "agent")
        wish = "agent" if is_admin else "admin"
        label = words.MAKE_AGENT if is_admin else words.MAKE_ADMIN
        buttons = (Button("role", label, f"{one.id}:{wish}"),) if admin and one.id not in fixed else ()
        rows.append(Row(one.name, words.IS_ADMIN if is_admin else words.IS_AGENT, buttons))
    said = words.ROLES_TEXT if named else words.ROLES_ALL
    return Panel(
        "roles", words.ROLES_TITLE, said, tuple(rows), usage=("roles NAME admin", "roles NAME agent")
    )


async def usage(r: Reading, asker: Asker, value: str) -> Panel:
    """Show what each line used this month and last month."""
    ours = r.world.organisation
    today = datetime.fromtimestamp(r.now, zone(ours.timezone))
    this = today.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    before = this.replace(year=this.year - (this.month == 1), month=(this.month - 2) % 12 + 1)
    now_used = await desk.used(r.engine, this.timestamp(), r.now + 1)
    last_used = await desk.used(r.engine, before.timestamp(), this.timestamp())
    rows = []
    for name, line in r.world.lines.items():
        came, went, paid = now_used.get(name, (0, 0, 0))
        detail = [words.USAGE_MONTH.format(month=f"{this:%B}", came=came, went=went, credits=paid)]
        if line.budget:
            share = 100 * paid // line.budget
            detail.append(words.USAGE_BUDGET.format(share=share, budget=line.budget))
        came, went, paid = last_used.get(name, (0, 0, 0))
        detail.append(words.USAGE_MONTH.format(month=f"{before:%B}", came=came, went=went, credits=paid))
        rows.append(Row(f"{name} · {show(line.number, ours.region)}", "\n".join(detail)))
    return Panel("usage", words.USAGE_TITLE, words.USAGE_TEXT, tuple(rows))
