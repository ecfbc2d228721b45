"""What somebody sees who looks at the community in a browser."""

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright
import pytest

from script.demo_lib.community import DOMAIN
from script.demo_lib.dashboard import URL_PATH
from script.demo_lib.demo import USER
from script.demo_lib.houses import SONNHALDE
from tests.e2e.theatre import Play, Theatre

pytestmark = pytest.mark.e2e

_SECONDS = 30_000
"""How long a page may take, in ms: two Home Assistants share a small machine."""


@pytest.fixture
def page(play: Play, browser_path: str) -> Iterator[Page]:
    """Log in to Home Assistant with the form that everybody sees."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        context = browser.new_context(
            base_url=play.stage.client.url,
            service_workers="block",
            timezone_id="Europe/Zurich",
            viewport={"width": 1400, "height": 1400},
        )
        context.set_default_timeout(_SECONDS)
        page = context.new_page()
        page.goto("/")
        page.get_by_label("Username").fill(USER)
        page.get_by_role("textbox", name="Password").fill(play.stage.setting.password)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_selector("home-assistant-main")
        yield page
        browser.close()


def _sees(page: Page, *texts: str) -> None:
    for text in texts:
        # A tooltip may hold the same text once more, invisibly.
        found = page.get_by_text(text, exact=True).locator("visible=true").first
        expect(found).to_be_visible(timeout=_SECONDS)


def test_integration_page(page: Page, play: Play, tmp_path: Path) -> None:
    """The integration's page shows the community and every house."""
    page.goto(f"/config/integrations/integration/{DOMAIN}")

    _sees(page, "LEG Invoicing", SONNHALDE.name)
    _sees(page, *(member.house for member in SONNHALDE.members))
    page.screenshot(path=tmp_path / "integration.png", full_page=True)


def test_device_pages(page: Page, theatre: Theatre, play: Play, tmp_path: Path) -> None:
    """The pages of the community and of a house show sensors with values."""
    devices = theatre.do(play.stage.client.command("config/device_registry/list"))
    entry_id = play.community.entry_id
    ids = {d["name"]: d["id"] for d in devices if d["primary_config_entry"] == entry_id}
    for name, texts in {
        SONNHALDE.name: ("Consumption", "Production", "Open amount"),
        "Casa Bellini": ("Imported energy", "Exported energy", "Balance"),
    }.items():
        page.goto(f"/config/devices/device/{ids[name]}")

        _sees(page, name, *texts)
        # Beside the sensors, the page shows what they were earlier.
        sensors = page.locator("ha-device-entities-card")
        expect(sensors.get_by_text("kWh").first).to_be_visible(timeout=_SECONDS)
        for nothing in ("Unavailable", "Unknown"):
            expect(sensors.get_by_text(nothing, exact=True)).to_have_count(0)
        page.screenshot(path=tmp_path / f"{name}.png", full_page=True)


def test_prices(page: Page, theatre: Theatre, play: Play, tmp_path: Path) -> None:
    """A fee is added in the form's table; what it would have cost is told, then saved."""
    page.goto(f"/config/integrations/integration/{DOMAIN}")
    # The stage has another community, too.
    row = page.locator("ha-config-entry-row", has_text=SONNHALDE.name)
    row.get_by_role("button", name="Configure").first.click()
    page.get_by_text("Prices", exact=True).click()
    dialog = page.locator("dialog-data-entry-flow")
    dialog.get_by_role("button", name="Submit").click()
    # The second table is that of fees.
    dialog.get_by_role("button", name="Add", exact=True).nth(1).click()
    page.get_by_role("textbox", name="Name").last.fill("Metering")
    page.get_by_role("spinbutton", name="Amount").last.fill("300")
    page.get_by_text("Per", exact=True).last.click()
    page.get_by_text("Month", exact=True).last.click()
    page.screenshot(path=tmp_path / "fee.png")
    page.get_by_role("button", name="Add", exact=True).last.click()
    _sees(page, "Metering")
    dialog.get_by_role("button", name="Submit").click()

    # 3.00 and 8.1 % VAT for each house
    more = dialog.get_by_role("cell", name="+3.24", exact=True)
    expect(more).to_have_count(len(SONNHALDE.members), timeout=_SECONDS)
    page.screenshot(path=tmp_path / "effect.png")
    page.get_by_text("Save", exact=True).click()
    _sees(page, "Success")
    answer = theatre.do(play.community.action("get_tariffs"))
    fees = answer["tariffs"][0]["versions"][-1]["terms"]["fees"]
    assert fees[-1] == {"name": "Metering", "amount": "300", "per": "month"}


def test_dashboard(page: Page, tmp_path: Path) -> None:
    """The dashboard shows tiles with values and graphs of the statistics."""
    page.goto(f"/{URL_PATH}")

    _sees(page, "So far this month", "Self sufficiency", "Produced and shared")
    expect(page.locator("ha-chart-base canvas").first).to_be_visible(timeout=_SECONDS)
    page.screenshot(path=tmp_path / "dashboard.png", full_page=True)
