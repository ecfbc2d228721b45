"""The command line of the demonstration."""

from pathlib import Path
import signal
import subprocess
import time

import pytest

from script.demo_lib.houses import SONNHALDE
from script.demo_lib.processes import answers, free_port
from tests.e2e.theatre import ROOT

pytestmark = pytest.mark.e2e


def _demo(*arguments: str | Path) -> list[str | Path]:
    return [ROOT / "script" / "demo", *arguments]


def test_once(tmp_path: Path) -> None:
    """With its own broker, the demonstration sets up, agrees, stops and succeeds."""
    folder = tmp_path / "demo"
    done = subprocess.run(
        _demo("--once", "--folder", folder),
        check=False,
        capture_output=True,
        text=True,
        timeout=240,
    )

    assert done.returncode == 0, done.stdout
    assert "agrees with the invoices to the cent" in done.stdout
    assert done.stdout.count("INV-") == SONNHALDE.invoices

    subprocess.run(_demo("--delete", "--folder", folder), check=True)
    assert not folder.exists()


def test_termination_ends_everything(tmp_path: Path) -> None:
    """A demonstration that is terminated leaves no program behind."""
    port = free_port()
    command = _demo("--folder", tmp_path / "demo", "--port", str(port))
    with (tmp_path / "out").open("wb") as out:
        demo = subprocess.Popen(command, stdout=out, stderr=out)
    deadline = time.monotonic() + 90
    while not answers(port) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert answers(port)
    # Deleting it under a running Home Assistant would ruin both.
    refused = subprocess.run(
        _demo("--delete", "--folder", tmp_path / "demo"), check=False
    )
    assert refused.returncode == 1

    demo.send_signal(signal.SIGTERM)

    assert demo.wait(timeout=60) == 130
    assert not answers(port)
    processes = subprocess.run(["ps", "-eo", "args"], capture_output=True, check=True)
    assert str(tmp_path) not in processes.stdout.decode()


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    """A folder that no demonstration made is neither used nor deleted."""
    mine = tmp_path / "mine.txt"
    mine.write_text("precious", encoding="utf-8")

    for arguments in ((), ("--delete",)):
        done = subprocess.run(
            _demo(*arguments, "--folder", tmp_path),
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 1
        assert "was not made by a demonstration" in done.stdout
    assert mine.read_text(encoding="utf-8") == "precious"
