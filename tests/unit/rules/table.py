"""The worked cases of this folder, and how a value is compared."""

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
SHARED = ROOT.parent / "shared"
FOLDER = Path(__file__).parent / "cases"


def read(path: Path) -> list[dict[str, Any]]:
    """The cases of one file, one JSON object a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def all_cases() -> list[dict[str, Any]]:
    """Every case of the folder."""
    return [case for path in sorted(FOLDER.glob("*.jsonl")) for case in read(path)]


def asked(case: dict[str, Any]) -> dict[str, Any]:
    """The case without its answer."""
    return {"text": case["text"], "context": case["context"]}


def same_value(case: dict[str, Any], value: object) -> bool:
    """Whether the value is the one the case wants; kinds without a value want nothing."""
    wanted = case["value"]
    if case["label"] not in ("poll", "data", "opt_in"):
        return True
    if case["label"] == "data" and case["context"]["awaiting"]["field"] == "text":
        return str(value).strip() == str(wanted).strip()
    return bool(value == wanted)
