"""Slack: a desk is a channel, a conversation is a thread, its card is the thread's root message."""

from connectors.chat.slack.config import Config, DeskConfig
from connectors.chat.slack.manifest import manifest
from connectors.chat.slack.platform import Platform

__all__ = ["Config", "DeskConfig", "Platform", "manifest"]
