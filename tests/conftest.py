"""What every test shares."""

from collections.abc import AsyncIterator, Iterator
import logging
import os
from pathlib import Path
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import STORAGE_DIR
from hypothesis import settings
import pytest

# The test plugin brings a package `custom_components` of its own. Whoever is imported
# first is the one that Home Assistant finds, so ours has to be.
import custom_components.leg_invoicing  # noqa: F401

# In a build, hypothesis takes its own profile "ci": the same examples on every run.
settings.register_profile("dev", deadline=None)
if not os.environ.get("CI"):
    settings.load_profile("dev")

# These must exist before `hass` does: Home Assistant's tests refuse any other order.
BEFORE_HASS = ("async_test_recorder", "recorder_mock", "async_setup_recorder_instance")


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """Keep Home Assistant's files out of the test plugin's own folder."""
    (Path(hass_tmp_config_dir) / STORAGE_DIR).mkdir(exist_ok=True)
    return hass_tmp_config_dir


@pytest.fixture
def hass_storage() -> None:
    """Let Home Assistant's stores be files; the test plugin would fake them.

    Our books are such files, and what becomes of them on a disk is what we test.
    """


@pytest.fixture(autouse=True)
def _find_our_integration(request: pytest.FixtureRequest) -> None:
    """Let Home Assistant load custom integrations, in the tests that start one."""
    if "hass" not in request.fixturenames:
        return
    for name in BEFORE_HASS:
        if name in request.fixturenames:
            request.getfixturevalue(name)
    request.getfixturevalue("enable_custom_integrations")
    if any(name in request.fixturenames for name in BEFORE_HASS):
        request.getfixturevalue("_recorder_is_left_alone")


@pytest.fixture
async def _recorder_is_left_alone(hass: HomeAssistant) -> AsyncIterator[None]:
    """Let statistics come to their end before the plugin shuts the recorder down.

    A recorder that is asked after that opens a connection that nobody closes.
    """
    yield
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.fixture
def no_statistics() -> Iterator[None]:
    """Leave the recorder alone: a month of statistics keeps it busy for long."""
    target = "custom_components.leg_invoicing.statistics.Statistics.async_project"
    with patch(target):
        yield


@pytest.fixture(autouse=True)
def _no_statements(caplog: pytest.LogCaptureFixture) -> None:
    """Keep the recorder from telling every statement and connection.

    The test plugin asks for it, and what its threads say between two tests would
    stand in the middle of the report.
    """
    caplog.set_level(logging.WARNING, "sqlalchemy.engine")
    caplog.set_level(logging.INFO, "homeassistant.components.recorder")


@pytest.fixture
def expected_lingering_timers(request: pytest.FixtureRequest) -> bool:
    """Forgive the timer that Home Assistant's MQTT client never cancels."""
    return "mqtt_mock" in request.fixturenames
