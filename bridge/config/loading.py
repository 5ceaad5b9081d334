"""From a file to a Config: read, follow references, fill the models, look between the tables."""

from dataclasses import dataclass, field
from pathlib import Path

from bridge.config.checks import mistakes_between, warnings_between
from bridge.config.filling import fill_config
from bridge.config.models import Config
from bridge.config.source import Mistake, Source, read_source, resolve


class ConfigError(Exception):
    """A configuration that cannot be used. Each mistake and warning is one whole line."""

    def __init__(self, mistakes: list[str], warnings: list[str] | None = None) -> None:
        """mistakes: at least one, in the order of the file."""
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes
        self.warnings = warnings or []


@dataclass(slots=True)
class Reading:
    """What came of a file. `draft` has holes where there are mistakes; without any it is the Config."""

    source: Source
    draft: Config
    mistakes: list[Mistake] = field(default_factory=list)
    warnings: list[Mistake] = field(default_factory=list)

    def finish(self, more: list[Mistake] | None = None) -> Config:
        """Give the Config, or raise ConfigError with every mistake, those of connectors (`more`) included.

        One mistake a place: what a table says of itself goes before what others say of it.
        """
        places = {mistake.where for mistake in self.mistakes}
        wrong = self.mistakes + [mistake for mistake in more or [] if mistake.where not in places]
        warnings = self._lines(self.warnings)
        if wrong:
            raise ConfigError(self._lines(wrong), warnings)
        return self.draft.model_copy(update={"warnings": tuple(warnings)})

    def _lines(self, found: list[Mistake]) -> list[str]:
        found = sorted(found, key=lambda mistake: self.source.line(mistake.where) or 0)
        return list(dict.fromkeys(self.source.say(mistake) for mistake in found))


def load(path: Path) -> Config:
    """Read a configuration; raise ConfigError with all mistakes that can be seen without connectors.

    `bridge.registry.load` also checks the keys that belong to connectors.
    """
    return read(path).finish()


def mistakes_of(path: Path) -> list[str]:
    """Give every mistake of a configuration as a line, none when it can be used."""
    try:
        load(path)
    except ConfigError as error:
        return error.mistakes
    return []


def read(path: Path) -> Reading:
    """Read a configuration as far as it goes. Never raises."""
    source, raw, unread = read_source(path)
    resolved = resolve(raw)
    draft, unfit = fill_config(resolved.table, source, resolved.missing)
    reading = Reading(source, draft, unread or [*resolved.mistakes, *unfit], resolved.warnings)
    if unread:
        return reading
    places = {mistake.where for mistake in reading.mistakes}
    reading.mistakes += [found for found in mistakes_between(draft) if found.where not in places]
    if ("server", "public_url") not in places and ("store", "url") not in places:
        reading.warnings += warnings_between(draft)
    return reading
