"""Who pays for a house, and from when to when."""

from datetime import date

import pytest

from custom_components.leg_invoicing.billing.agreements import (
    AgreementError,
    check_agreements,
)
from tests.billing.build import agreement


@pytest.mark.parametrize(
    ("end", "day", "covered"),
    [
        (None, "2025-12-31", False),
        (None, "2026-01-01", True),
        (None, "2099-01-01", True),
        ("2026-01-16", "2026-01-15", True),
        ("2026-01-16", "2026-01-16", False),
    ],
)
def test_the_end_is_the_first_day_it_is_no_longer_valid(
    end: str | None, day: str, covered: bool
) -> None:
    """An agreement covers its first day, and not its end."""
    assert covered is agreement("house_1", "2026-01-01", end).covers(
        date.fromisoformat(day)
    )


def test_agreements_stand_by_house_and_date() -> None:
    """The order in which they are listed does not matter."""
    later = agreement("house_1", "2026-02-01")
    earlier = agreement("house_1", "2026-01-01", "2026-02-01")
    other = agreement("house_2", "2025-01-01")

    assert (earlier, later, other) == check_agreements([other, later, earlier])


@pytest.mark.parametrize("end", ["2026-01-01", "2025-12-31"])
def test_an_agreement_lasts_a_day_at_least(end: str) -> None:
    """It cannot end before it begins, nor on the same day."""
    wrong = agreement("house_1", "2026-01-01", end, name="Anna")

    with pytest.raises(AgreementError, match="house_1, Anna: it ends before") as raised:
        check_agreements([wrong])

    assert raised.value.agreement is wrong


@pytest.mark.parametrize("end", [None, "2026-02-02"])
def test_agreements_of_a_house_do_not_overlap(end: str | None) -> None:
    """The later one is the wrong one, and the message names who is still there."""
    earlier = agreement("house_1", "2026-01-01", end, name="Anna")
    later = agreement("house_1", "2026-02-01", name="Beat")

    with pytest.raises(
        AgreementError, match="Beat: it begins on 2026-02-01, while Anna still has"
    ) as raised:
        check_agreements([later, earlier])

    assert raised.value.agreement is later


def test_other_houses_and_gaps_do_not_matter() -> None:
    """Days between two agreements, and those of other houses, may be anyone's."""
    fine = (
        agreement("house_1", "2026-01-01", "2026-02-01"),
        agreement("house_1", "2026-02-01", "2026-02-15"),
        agreement("house_1", "2026-03-01"),
        agreement("house_2", "2026-01-01"),
    )

    assert fine == check_agreements(fine)
