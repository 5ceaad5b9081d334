"""The live check: who we are, which scopes are missing, whether we are in the channels."""

from collections.abc import Mapping

from bridge.errors import ConnectorError
from bridge.ports import Finding
from connectors.chat.slack.api import Api
from connectors.chat.slack.config import Config
from connectors.chat.slack.errors import HOW_TO_GRANT
from connectors.chat.slack.manifest import SCOPES

_WHERE = "slack"


async def check(api: Api, config: Config, channels: Mapping[str, str]) -> list[Finding]:
    """Look at everything; what fails first does not hide what fails next."""
    findings, signed_in = await _auth(api)
    if signed_in:
        findings += await _scopes(api)
        for channel, desk in channels.items():
            findings.append(await _channel(api, channel, desk))
    if config.app_token:
        findings.append(await _app_token(api, config.app_token.get_secret_value()))
    return findings


async def _auth(api: Api) -> tuple[list[Finding], bool]:
    try:
        who = await api.ask(api.client.auth_test())
    except ConnectorError as failure:
        return [Finding(_WHERE, False, "the bot token does not sign in", failure.reason)], False
    return [Finding(_WHERE, True, f"signed in to {who.get('team')} as {who.get('user')}")], True


async def _scopes(api: Api) -> list[Finding]:
    try:
        granted = await api.scopes()
    except ConnectorError as failure:
        return [Finding(_WHERE, False, "the scopes cannot be read", failure.reason)]
    if granted is None:
        return [Finding(_WHERE, True, "Slack does not say which scopes the token has")]
    missing = sorted(SCOPES.keys() - granted)
    if not missing:
        return [Finding(_WHERE, True, "all scopes are there")]
    return [
        Finding(_WHERE, False, f"scope {scope} is missing ({SCOPES[scope]})", HOW_TO_GRANT)
        for scope in missing
    ]


async def _channel(api: Api, channel: str, desk: str) -> Finding:
    try:
        found = (await api.ask(api.client.conversations_info(channel=channel))).get("channel") or {}
    except ConnectorError as failure:
        return Finding(desk, False, f"channel {channel} cannot be used", failure.reason)
    name = f"#{found.get('name', channel)}"
    if found.get("is_archived"):
        return Finding(desk, False, f"{name} is archived", "unarchive it, or configure another channel")
    if not found.get("is_member"):
        return Finding(desk, False, f"the app is not in {name}", f"type /invite @threadline in {name}")
    return Finding(desk, True, f"in {name}")


async def _app_token(api: Api, token: str) -> Finding:
    try:
        await api.ask(api.client.apps_connections_open(app_token=token))
    except ConnectorError as failure:
        mend = (
            "make an app-level token with the scope connections:write on the app's Basic Information page,"
            f" and switch Socket Mode on ({failure.reason})"
        )
        return Finding(_WHERE, False, "the app token opens no socket", mend)
    return Finding(_WHERE, True, "the app token opens sockets")
