"""What a text is: the facts a rule may look at, and the verdict it gives."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Kind(StrEnum):
    """The one thing an inbound text is (docs/classification.md: the order of judgement)."""

    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    HELP = "help"
    POLL = "poll"
    DATA = "data"
    REACTION = "reaction"
    AUTO_REPLY = "auto_reply"
    NATURAL = "natural"


Field = Literal["first_name", "full_name", "email", "zip", "birthday", "date", "number", "choice", "text"]


@dataclass(frozen=True, slots=True)
class Awaiting:
    """The question this person was asked and has not answered yet."""

    type: Literal["poll", "data"]
    question: str
    asked_minutes_ago: float
    options: tuple[str, ...] = ()  # of a poll, or of a data question whose field is "choice"
    multiple: bool = False  # polls only: several options may be ticked
    field: Field | None = None  # data only


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a rule may look at. Built once a text; rules never see a database or a clock."""

    text: str
    subscribed: bool = False
    keywords: tuple[str, ...] = ()
    awaiting: Awaiting | None = None


@dataclass(frozen=True, slots=True)
class Tapback:
    """A reaction that a phone sent as text: which emoji, on what, and whether it was taken back."""

    emoji: str
    target: str  # the quoted words, or "<image>" and the like where the phone quotes none
    removed: bool = False


Value = str | int | float | tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """One kind, its value where the kind has one, and why, in words for a receptionist.

    value: opt_in: the keyword in capitals, None for START-like words; poll: zero-based indexes;
    data: the normalised answer (choice: a zero-based index); else None.
    suspicion: set on a natural text that may be a revocation; says which words raised it.
    rule: the name of the rule that answered.
    """

    kind: Kind
    reason: str
    value: Value = None
    suspicion: str | None = None
    tapback: Tapback | None = None
    rule: str = ""
