"""What kind of text is this? Rules in a visible order; each answers one question or passes.

In: bridge.model.verdict.Facts. Out: a Verdict with a reason that a receptionist understands. The rules read
no clock, file, network or database when they are called, and never raise, whatever the text.
"""

from rules.order import QUESTIONS, RULES, classify, explain

__all__ = ["QUESTIONS", "RULES", "classify", "explain"]
