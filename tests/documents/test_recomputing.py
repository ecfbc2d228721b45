"""The evidence beside the invoices is enough to compute them again."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
import json
from pathlib import Path

import pytest

from custom_components.leg_invoicing.billing.calendar import parse_period
from custom_components.leg_invoicing.billing.measurements import IntervalRow
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.billing.tariffs import Tariff
from custom_components.leg_invoicing.documents.exact_json import dumps, plain
from custom_components.leg_invoicing.documents.tables import intervals_csv
from custom_components.leg_invoicing.documents.terms_yaml import terms_yaml
from script.settle_lib.command import main

from .months import HOUSES, issued, prices, terms

IMPORTED, EXPORTED = (40_001, 30_000), (0, 45_037)


def test_intervals_and_terms_give_the_invoices(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """Settling the two files gives what the invoices say, to the last digit."""
    versions = [
        prices(date(2026, 1, 1), "20", "25.123", "6", "30"),
        prices(date(2026, 1, 9), "20.5", "22", "-1", "30"),
    ]
    agreed = terms(versions=versions, moves=date(2026, 1, 17))
    grid = Tariff("Netz 2026", (prices(date(2020, 1, 1), "0", "0", "5", "28"),))
    agreed = replace(
        agreed,
        tariffs={**agreed.tariffs, grid.tariff_id: grid},
        community=replace(agreed.community, grid_tariff=grid.tariff_id),
    )
    span = parse_period("2026-01").span(agreed.community.zone)
    rows = (
        IntervalRow(house, start, imported, exported, Quality.MEASURED)
        for start in range(span.start, span.end, 900)
        for house, imported, exported in zip(HOUSES, IMPORTED, EXPORTED, strict=True)
    )
    (tmp_path / "intervals.csv").write_text("".join(intervals_csv(rows)), newline="")
    (tmp_path / "terms.yaml").write_text(terms_yaml(agreed))
    files = ["--intervals", str(tmp_path / "intervals.csv")]
    files += ["--terms", str(tmp_path / "terms.yaml")]

    assert main([*files, "--period", "2026-01"]) == 0

    answer = json.loads(capfdbinary.readouterr().out, parse_float=Decimal)
    invoices = issued(versions=versions, moves=date(2026, 1, 17))
    assert len(answer["statements"]) == len(invoices) == 3
    for statement, invoice in zip(answer["statements"], invoices, strict=True):
        assert dumps(statement["total_ct"]) == plain(invoice.statement.total.ct)
        assert dumps(statement["net_amount_ct"]) == plain(invoice.statement.net.ct)
    assert answer["findings"] == []
