"""The community's rule for gaps: its form, how it is stored, and what it becomes."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
)

from .billing.terms import GapPolicy, GapRule, GapShape, minutes_of
from .const import CONF_GAPS
from .form_checks import RefusedError, exact_number
from .forms import Answers, Fields

FIELD_POLICY: Final = "policy"
FIELD_LIMIT_HOURS: Final = "limit_hours"
FIELD_SHAPE: Final = "shape"

_LIMIT_MINUTES: Final = "limit_minutes"


def _choice(options: Sequence[str], names: str) -> SelectSelector:
    config = SelectSelectorConfig(options=list(options))
    config["translation_key"] = names
    return SelectSelector(config)


GAP_FIELDS: Final[Fields] = {
    FIELD_POLICY: _choice(list(GapPolicy), "gap_policy"),
    FIELD_LIMIT_HOURS: NumberSelector(
        NumberSelectorConfig(
            min=0,
            max=366 * 24,
            step="any",
            unit_of_measurement="h",
            mode=NumberSelectorMode.BOX,
        )
    ),
    FIELD_SHAPE: _choice(list(GapShape), "gap_shape"),
}


def gap_settings(answers: Answers) -> dict[str, Any]:
    """Return what is stored of the form's answers."""
    minutes = minutes_of(exact_number(answers, FIELD_LIMIT_HOURS))
    if minutes <= 0:
        raise RefusedError(FIELD_LIMIT_HOURS, "gap_limit_too_short")
    return {
        CONF_GAPS: {
            FIELD_POLICY: answers[FIELD_POLICY],
            _LIMIT_MINUTES: minutes,
            FIELD_SHAPE: answers[FIELD_SHAPE],
        }
    }


def gap_answers(rule: GapRule) -> dict[str, Any]:
    """Return a rule the way its form shows it."""
    return {
        FIELD_POLICY: str(rule.policy),
        FIELD_LIMIT_HOURS: float(rule.limit_hours),
        FIELD_SHAPE: str(rule.shape),
    }


def gap_rule_of(settings: Mapping[str, Any]) -> GapRule:
    """Return the rule; communities that never chose one have the usual one."""
    gaps = settings.get(CONF_GAPS)
    if gaps is None:
        return GapRule()
    return GapRule(
        policy=GapPolicy(gaps[FIELD_POLICY]),
        limit_minutes=gaps[_LIMIT_MINUTES],
        shape=GapShape(gaps[FIELD_SHAPE]),
    )
