"""Houses that leave while meters name them, or read what they measure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from custom_components.leg_invoicing.billing.calendar import Span
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.billing.settlement import settle
from custom_components.leg_invoicing.billing.signals import SignalValue
from custom_components.leg_invoicing.billing.terms import Terms
from tests.billing.build import (
    agreement,
    kwh,
    measured,
    metered,
    quarters,
    statement_of,
    terms,
)

_BEFORE, _AFTER = (
    quarters(start, 1) for start in ("2026-01-05T23:45+01:00", "2026-01-06T00:00+01:00")
)
_BOTH = Span(_BEFORE.start, _AFTER.end)


def _left(meters: Mapping[str, Any]) -> Terms:
    """Return a community that house 2 leaves at midnight."""
    agreed = terms(agreement("house_1"), agreement("house_2", end="2026-01-06"))
    return metered(replace(agreed, left={"house_2": (date(2026, 1, 6),)}), **meters)


@pytest.mark.parametrize(
    ("meters", "cells", "billed"),
    [
        (
            {
                "rest": {
                    "house": "house_1",
                    "role": "house",
                    "formula": "main - house_2",
                },
                "main": {"role": "house"},
            },
            {"main": "3/0", "house_2": "1/0"},
            "2",
        ),
        (
            {"ev": {"house": "house_2", "role": "ev_charger", "behind": "house_1"}},
            {"house_1": "3/0", "house_2": "1/0", "ev": "1/0"},
            "2",
        ),
        (
            {"ev": {"house": "house_1", "role": "ev_charger", "behind": "house_2"}},
            {"house_1": "3/0", "house_2": None, "ev": "1/0"},
            "4",
        ),
        (
            {
                "rest": {"house": "house_2", "role": "house", "formula": "main - ev"},
                "main": {"role": "house"},
                "ev": {"house": "house_2", "role": "ev_charger"},
            },
            {"house_1": "3/0", "main": "2/0", "ev": "1/0"},
            "3",
        ),
    ],
    ids=["in a formula", "behind another", "with another behind", "virtual"],
)
def test_a_house_that_left_is_billed_to_nobody_else(
    meters: Mapping[str, Any], cells: Mapping[str, str | None], billed: str
) -> None:
    """What it uses is still taken out of the meters that count it for others."""
    community = _left(meters)
    before, after, across = (
        settle(
            community, span, measured(span, **{h: [c] * n for h, c in cells.items()})
        )
        for span, n in ((_BEFORE, 1), (_AFTER, 1), (_BOTH, 2))
    )

    assert after.community.energy.imported == kwh(billed)
    assert statement_of(after, "house_1").energy.imported == kwh(billed)
    assert after.findings == ()
    assert across.houses["house_1"] == (
        before.houses["house_1"] + after.houses["house_1"]
    )


def test_the_tag_of_a_house_that_left_is_nobody_s() -> None:
    """The charger's own house pays, and is told; the trace knows nothing of the other."""
    community = _left(
        {
            "ev": {
                "house": "house_1",
                "role": "ev_charger",
                "user": "tag",
                "users": {"A1": "house_2"},
            }
        }
    )
    cells = measured(_BOTH, house_1="1/0", house_2="1/0", ev="2/0")
    tags = [SignalValue("tag", start, "A1") for start in (_BEFORE.start, _AFTER.start)]
    qualities: list[Quality] = []

    settlement = settle(
        community,
        _BOTH,
        replace(cells, signals=tags),
        lambda measured, *_: qualities.append(Quality(measured.quality[1])),
    )

    assert settlement.houses["house_1"].imported == kwh("4")
    assert settlement.houses["house_2"].imported == kwh("3")
    assert [f.key for f in settlement.findings] == ["unknown_user:house_1"]
    assert qualities == [Quality.MEASURED, Quality.MISSING]
