"""Panels: what every desk offers besides its threads, read from the store and drawn from one place."""

from bridge.engine.panels.panels import Panels

__all__ = ["Panels"]
