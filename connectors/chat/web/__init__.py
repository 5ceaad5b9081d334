"""The built-in web inbox: a desk that draws itself from the database."""

from connectors.chat.web.platform import Config, DeskConfig, Platform

__all__ = ["Config", "DeskConfig", "Platform"]
