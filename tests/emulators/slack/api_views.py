"""views.*: opening, stacking and replacing modals, and publishing home tabs."""

from __future__ import annotations

from .core import Core
from .errors import SlackError, bad_arguments
from .registry import Answer, method
from .schema import Args
from .views import OpenView, View, check_view, view_body


def new_view(core: Core, view: View) -> View:
    """Return a checked view with an id and everything else that Slack adds."""
    bot = core.bot
    return view_body(view, core.world.new_id("V"), core.world.team_id, bot.app_id, bot.bot_id)


@method("views.open")
def open_view(core: Core, args: Args) -> Answer:
    """Open a modal for whoever just clicked."""
    view = check_view(args.structure("view"), "modal")
    user = core.use_trigger(_trigger(args))
    return {"view": core.views.open(user, new_view(core, view)).body}


@method("views.push")
def push_view(core: Core, args: Args) -> Answer:
    """Put a modal on top of the one where somebody just clicked."""
    view = check_view(args.structure("view"), "modal")
    user = core.use_trigger(_trigger(args))
    return {"view": core.views.push(user, new_view(core, view)).body}


def _trigger(args: Args) -> str:
    if not args.get("trigger_id"):
        raise bad_arguments("missing required field: trigger_id")
    return args.text("trigger_id")


@method("views.update")
def update_view(core: Core, args: Args) -> Answer:
    """Replace the content of an open modal."""
    if bool(args.get("view_id")) == bool(args.get("external_id")):
        raise bad_arguments("either view_id or external_id is needed")
    open_one = core.views.find(args.text("view_id"), args.text("external_id"))
    if open_one is None:
        raise SlackError("not_found")
    replace_view(core, open_one, args.structure("view"), args.get("hash"))
    return {"view": open_one.body}


def replace_view(core: Core, open_one: OpenView, view: View, wanted_hash: str | None = None) -> None:
    """Check a view and put it in the place of an open one."""
    checked = check_view(view, open_one.body["type"])
    core.views.update(open_one, new_view(core, checked), wanted_hash)


@method("views.publish")
def publish_view(core: Core, args: Args) -> Answer:
    """Set a person's home tab."""
    if args.text("user_id") not in core.world.users:
        raise bad_arguments("user_id: no such user")
    view = check_view(args.structure("view"), "home")
    return {"view": core.views.publish(args.text("user_id"), new_view(core, view), args.get("hash")).body}
