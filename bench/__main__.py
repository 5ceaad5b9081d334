"""Measure: every figure is a ratio against a yardstick in the same run (docs/performance.md).

python -m bench [FIGURE ...] [--small] [--rounds N] [--database sqlite|postgresql|both] [--messages N]
"""

import argparse
import contextlib
import importlib
import sys
import time
import traceback

from bench.databases import postgresql
from bench.figure import Options, Row, skipped, table, total

FIGURES = (
    "acknowledge",
    "tail",
    "stalled",
    "disk",
    "decide",
    "claim",
    "planning",
    "importing",
    "large",
    "overview",
    "daemons",
    "flood",
    "memory",
    "start",
    "tutorial",
    "classify",
)


def measure(names: list[str], options: Options) -> list[Row]:
    """Measure one figure after another; one that breaks is said so, and the others go on."""
    rows: list[Row] = []
    for name in names:
        started = time.monotonic()
        try:
            for row in importlib.import_module(f"bench.figures.{name}").measure(options):
                rows.append(row)
                words = (row.figure, row.measured, row.wanted and f"wanted {row.wanted}", row.met, row.beside)
                print(" | ".join(filter(None, words)), file=sys.stderr, flush=True)
        except (Exception, SystemExit) as error:
            traceback.print_exc()
            rows.append(skipped(name, f"{type(error).__name__}: {error}"[:200]))
        print(f"  ({name}: {time.monotonic() - started:,.0f} s)", file=sys.stderr, flush=True)
    return rows


def main() -> None:
    """Measure what is asked for, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("figure", nargs="*", help=f"{', '.join(FIGURES)}; without one: all")
    parser.add_argument("--small", action="store_true", help="a tenth of everything: to try, not to believe")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--messages", type=int, default=5_000_000, help="in the large database")
    parser.add_argument("--desks", default="slack.support, web", help="of the daemon that is measured")
    chosen = parser.parse_args()
    unknown = set(chosen.figure) - set(FIGURES)
    if unknown:
        parser.error(f"there is no figure {', '.join(sorted(unknown))}; there are {', '.join(FIGURES)}")
    databases = ("sqlite", "postgresql") if chosen.database == "both" else (chosen.database,)
    options = Options(chosen.small, chosen.rounds, databases, chosen.messages, chosen.desks)
    with postgresql() if "postgresql" in databases else contextlib.nullcontext():
        rows = measure(chosen.figure or list(FIGURES), options)
    print(table(rows))
    print(total(rows))


if __name__ == "__main__":
    main()
