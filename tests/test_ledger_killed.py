"""A ledger whose process is killed holds all or nothing of each write."""

from pathlib import Path
import subprocess
import sys

import pytest


@pytest.mark.parametrize("case", ["half_way", "any_time"])
def test_killed_while_writing(tmp_path: Path, case: str) -> None:
    """Rows, versions, register states and readings of a write are there, or none."""
    command = [sys.executable, "-m", "tests.ledger_killed", case]

    done = subprocess.run(
        [*command, str(tmp_path / "ledger.db")], capture_output=True, check=False
    )

    assert done.returncode == 0, done.stderr.decode()
