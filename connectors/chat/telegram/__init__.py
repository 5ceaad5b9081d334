"""Telegram: a desk is a supergroup with topics, a thread is a topic.

Reading order: config · words (what goes out) · reading, commands, updates (what comes in) ·
refusals, api (the Bot API) · places · albums · hearing, writing · check · platform.
"""

from connectors.chat.telegram.config import Config, DeskConfig
from connectors.chat.telegram.platform import Platform

__all__ = ["Config", "DeskConfig", "Platform"]
