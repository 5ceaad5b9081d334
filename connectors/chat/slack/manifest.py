"""The Slack app that fits a configuration, as a manifest to paste into Slack's "from a manifest" page.

Form: the schema that docs.slack.dev/reference/app-manifest describes, version 2. Every organisation
makes an app of its own: internal apps keep the full rate limits on reading history
(docs.slack.dev/apis/web-api/rate-limits).
"""

from typing import Any, Final

SCOPES: Final = {
    "channels:history": "to hear replies in public channels, and find what was missed",
    "channels:read": "to see whether it is in the channel",
    "chat:write": "to post",
    "commands": "for /sms and the shortcuts",
    "files:read": "to send pictures that staff attach",
    "files:write": "to show pictures that people send",
    "groups:history": "to hear replies in private channels",
    "groups:read": "to see whether it is in the private channel",
    "reactions:read": "to hear 📤",
    "reactions:write": "to show what became of a reply",
    "usergroups:read": "to name user groups",
    "users:read": "to name people",
}
_EVENTS: Final = [
    "app_home_opened",
    "app_uninstalled",
    "message.channels",
    "message.groups",
    "reaction_added",
    "tokens_revoked",
    "user_change",
]
_SHORTCUTS: Final = [
    ("New text message", "global", "new_conversation", "Start a conversation with a number"),
    ("Send as SMS", "message", "send_as_sms", "Send this message to the contact"),
    ("What became of it", "message", "message_story", "Whether and when it was sent, and what it cost"),
    ("Retry sending", "message", "retry_send", "Send this reply again"),
    ("Unsubscribe contact", "message", "unsubscribe_contact", "No further campaigns and polls"),
    ("Remove conversation", "message", "remove_conversation", "Take this conversation off Slack"),
]


def manifest(public_url: str, socket_mode: bool) -> dict[str, Any]:
    """Make the manifest; over HTTP Slack calls public_url/slack/events."""
    url = {} if socket_mode else {"request_url": f"{public_url.rstrip('/')}/slack/events"}
    command = {
        "command": "/sms",
        "description": "Text people, and see to templates, settings and who waits",
        "usage_hint": "new +15550100199 Hello | inbox | templates | settings | help",
        "should_escape": False,
        **({} if socket_mode else {"url": url["request_url"]}),
    }
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "threadline",
            "description": "Text messages as Slack threads",
            "background_color": "#1d3557",
        },
        "features": {
            "bot_user": {"display_name": "threadline", "always_online": True},
            "shortcuts": [
                {"name": name, "type": kind, "callback_id": callback, "description": description}
                for name, kind, callback, description in _SHORTCUTS
            ],
            "slash_commands": [command],
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": False,
                "messages_tab_read_only_enabled": True,
            },
        },
        "oauth_config": {"scopes": {"bot": sorted(SCOPES)}},
        "settings": {
            "event_subscriptions": {**url, "bot_events": _EVENTS},
            "interactivity": {"is_enabled": True, **url},
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket_mode,
            "token_rotation_enabled": False,
        },
    }
