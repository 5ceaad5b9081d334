"""A strict emulator of Telegram's Bot API with forum topics."""

from .call import Upload
from .editing import Press
from .emulator import TelegramEmulator
from .state import Chat, Message, Person, Topic

__all__ = ["Chat", "Message", "Person", "Press", "TelegramEmulator", "Topic", "Upload"]
