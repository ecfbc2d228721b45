"""A desk for each test."""

from pathlib import Path

import pytest

from .desk import Desk


@pytest.fixture
def desk(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Desk:
    """Return two files and the command."""
    return Desk(tmp_path, capfd)
