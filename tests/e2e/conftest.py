"""Start real programs, once for all tests of a Home Assistant release."""

from collections.abc import Iterator
import os
import shutil

import pytest

from benchmarks.chaos.clock import find_faketime
from script.demo_lib.broker import find_mosquitto
from script.demo_lib.home_assistant import ENVIRONMENTS, environment_python
from tests.e2e.theatre import ROOT, Play, Theatre

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def _browser() -> str | None:
    return next(filter(None, map(shutil.which, _BROWSERS)), None)


def _missing() -> list[str]:
    """Return what is not there: programs, and Home Assistants."""
    programs = {
        "mosquitto": find_mosquitto(),
        "chromium": _browser(),
        "faketime": find_faketime(),
    }
    environments = {
        f"{folder} (script/bootstrap)": environment_python(ROOT, name).exists()
        for name, folder in ENVIRONMENTS.items()
    }
    return [name for name, found in {**programs, **environments}.items() if not found]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Run these tests only when asked for, and only with everything they need.

    In a build nothing is left out: what is missing fails there.
    """
    ours = [item for item in items if item.get_closest_marker("e2e")]
    if not ours:
        return
    if "e2e" not in config.option.markexpr:
        reason = "starts real programs; asked for with -m e2e"
    elif os.environ.get("CI") != "true" and (missing := _missing()):
        reason = f"not found: {', '.join(missing)}"
    else:
        # The test plugin fences a test's process off from the network: good for a
        # Home Assistant inside of it, but ours are outside.
        if plugin := config.pluginmanager.get_plugin("homeassistant"):
            config.pluginmanager.unregister(plugin)
        return
    for item in ours:
        item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(autouse=True)
def verify_cleanup() -> None:
    """Do not look for threads that a test left behind: ours go on."""


@pytest.fixture(scope="session")
def theatres(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Theatre]]:
    """Start every Home Assistant that some test is about, side by side."""
    if missing := _missing():
        pytest.fail(f"not found: {', '.join(missing)}")
    wanted = {
        item.callspec.params["theatre"]
        for item in request.session.items
        if hasattr(item, "callspec") and "theatre" in item.callspec.params
    }
    started = {
        name: Theatre(tmp_path_factory.mktemp(name), name) for name in sorted(wanted)
    }
    yield started
    for theatre in started.values():
        theatre.close()


@pytest.fixture(scope="session", params=list(ENVIRONMENTS))
def theatre(request: pytest.FixtureRequest, theatres: dict[str, Theatre]) -> Theatre:
    """Return one of the Home Assistants, with everything set up in it."""
    theatre: Theatre = theatres[request.param]
    try:
        theatre.play()
    except Exception as err:
        err.add_note(theatre.log())
        raise
    return theatre


@pytest.fixture
def play(theatre: Theatre) -> Play:
    """Return everything that has been set up."""
    return theatre.play()


@pytest.fixture
def browser_path() -> str:
    """Return the browser."""
    path = _browser()
    assert path is not None
    return path
