"""Fail unless the tests reach every module as far as they have to.

Usage: python script/check_coverage.py COVERAGE.json

The pure wings have no excuse: every line and every branch of what decides about energy
and money is tested. Each other module is held to a floor of its own, so that a
well-tested neighbour cannot hide an untested one.
"""

from collections.abc import Iterator
import json
from pathlib import Path
import sys
from typing import Any

INTEGRATION = "custom_components/leg_invoicing"
PURE_WINGS = ("billing", "documents", "formats")
FLOOR = 95


def offenders(files: dict[str, Any]) -> Iterator[str]:
    """Yield one line for each module that is not tested enough."""
    pure = tuple(f"{INTEGRATION}/{wing}/" for wing in PURE_WINGS)
    for name, report in sorted(files.items()):
        summary = report["summary"]
        if name.startswith(pure):
            lines = ", ".join(str(line) for line in report["missing_lines"])
            branches = ", ".join(
                f"{start}->{end if end > 0 else 'exit'}"
                for start, end in report.get("missing_branches", [])
            )
            if lines:
                yield f"{name}: pure, but lines {lines} are not tested"
            if branches:
                yield f"{name}: pure, but branches {branches} are not tested"
        elif summary["percent_covered"] < FLOOR:
            yield f"{name}: {summary['percent_covered']:.1f} %, wanted {FLOOR} %"


def main() -> int:
    """Read coverage's JSON report and name the offenders."""
    report = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    lines = list(offenders(report["files"]))
    for line in lines:
        print(line, file=sys.stderr)
    if lines:
        print(f"Not tested enough: {len(lines)} findings above.", file=sys.stderr)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
