"""What is said about whoever is billed for a house."""

from typing import Any

import pytest

from custom_components.leg_invoicing.form_checks import RefusedError
from custom_components.leg_invoicing.occupant_settings import agreed_factor


@pytest.mark.parametrize("percent", [0, -1, 100.5])
def test_a_part_of_a_house_is_more_than_nothing_and_not_more_than_all(
    percent: float,
) -> None:
    """Nothing else can take part, whatever a form lets through."""
    answers: dict[str, Any] = {"factor": percent}

    with pytest.raises(RefusedError) as refusal:
        agreed_factor(answers, ())

    assert (refusal.value.field, refusal.value.translation_key) == (
        "factor",
        "factor_invalid",
    )
