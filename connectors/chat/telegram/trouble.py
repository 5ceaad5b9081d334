"""What is wrong just now, in sentences."""


class Trouble:
    """Sentences by what they are about; the last one counts."""

    def __init__(self) -> None:
        self._sentences: dict[str, str] = {}

    def set(self, about: str, sentence: str) -> bool:
        """Something is wrong. True where that is news."""
        news = self._sentences.get(about) != sentence
        self._sentences[about] = sentence
        return news

    def clear(self, about: str) -> None:
        """It is well again."""
        self._sentences.pop(about, None)

    def __str__(self) -> str:
        return "; ".join(self._sentences.values()) or "ok"
