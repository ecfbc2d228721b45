"""What a period of a community would have cost, from its ledger and its books.

Nothing is stored, and nothing that is stored changes.
"""

from collections.abc import Callable, Mapping
from typing import Any

from homeassistant.core import HomeAssistant

from .benefit_input import with_grams
from .billing.calendar import Period
from .billing.comparison import Comparison, compared, comparison_record
from .billing.findings import Finding
from .billing.public_holidays import with_holidays_of
from .billing.reasons import ReasonedError
from .billing.settlement import settle
from .billing.simulation import Scenario
from .billing.simulation_changes import scenario
from .billing.terms import Terms
from .billing.terms_record import terms_from_record
from .billing.written import TermsError
from .community import houses_of_entry
from .const import CONF_CURRENCY
from .documents.terms_yaml import terms_yaml
from .holiday_settings import names_holidays
from .ledger import Ledger
from .refusals import refused, said
from .runtime import LegConfigEntry, terms_now
from .settling import terms_record
from .signal_input import with_signals
from .tariff_input import as_typed

type _Effect = tuple[Comparison, tuple[Finding, ...]]


async def async_simulate(
    hass: HomeAssistant,
    entry: LegConfigEntry,
    period: Period,
    changes: Mapping[str, Any],
) -> dict[str, Any]:
    """Return what changes of the terms would have done to a period.

    A closed period is compared with the terms that it was billed by. Raises
    ServiceValidationError where the changes are not understood, or a sensor cannot be
    followed.
    """
    data = entry.runtime_data
    closed = data.books.commitments.find(period)
    issued = await data.books.async_issued(closed) if closed else None
    written = (
        issued["terms"]
        if issued
        else terms_yaml(with_holidays_of(terms_now(entry), period))
    )
    names = {house.house_id: house.name for house in houses_of_entry(entry)}
    followed = _with_signals(hass, entry.data[CONF_CURRENCY], changes)
    wanted = _by_id(as_typed(followed), {n.casefold(): h for h, n in names.items()})
    # Written terms say only those of the period.
    has_holidays = names_holidays(entry.options)
    await data.coordinator.async_flush()
    try:
        comparison, findings = await hass.async_add_executor_job(
            _simulated, data.ledger, written, wanted, period, has_holidays
        )
    except TermsError as err:
        told = TermsError(err.path, err.reason.naming(names))
        raise refused("changes_invalid", reason=said(hass, told)) from err
    record = comparison_record(comparison)
    for house in record["houses"]:
        house["house"] = names.get(house["house_id"], house["house_id"])
    return {
        "period": period.period_id,
        **record,
        "findings": [finding.as_record() for finding in findings],
    }


def settle_beside(
    ledger: Ledger, terms: Terms, wanted: Scenario, period: Period
) -> _Effect:
    """Settle a period as it was and as it might have been; it blocks meanwhile."""
    span = period.span(terms.community.zone)
    before = settle(terms, span, ledger.measurements(span))
    after = settle(wanted.terms, span, wanted.measured(ledger.measurements(span)))
    return compared(before, after), after.findings


def _simulated(
    ledger: Ledger,
    written: str,
    changes: object,
    period: Period,
    has_holidays: bool,
) -> _Effect:
    record = terms_record(written)
    wanted = scenario(record, changes, period.first, has_holidays=has_holidays)
    return settle_beside(ledger, terms_from_record(record), wanted, period)


def _with_signals(
    hass: HomeAssistant, currency: str, changes: Mapping[str, Any]
) -> dict[str, Any]:
    """Return changes in which sensors that are followed are named by their ids."""

    def version(given: object) -> object:
        match given:
            case Mapping():
                return with_signals(hass, currency, given)
            case list():
                return [version(each) for each in given]
            case _:
                return given

    followed = dict(changes)
    if isinstance(community := changes.get("community"), Mapping):
        try:
            followed["community"] = with_grams(hass, community)
        except ReasonedError as err:
            raise refused("changes_invalid", reason=said(hass, err)) from err
    if isinstance(tariffs := changes.get("tariffs"), Mapping):
        followed["tariffs"] = {name: version(v) for name, v in tariffs.items()}
    return followed


def _by_id(changes: object, ids: Mapping[str, str]) -> object:
    """Return changes in which houses that are called by their names have their ids."""
    match changes:
        case Mapping():
            return {
                key: _NAMING.get(key, _by_id)(value, ids)
                for key, value in changes.items()
            }
        case list():
            return [_by_id(each, ids) for each in changes]
        case _:
            return changes


def _house(name: object, ids: Mapping[str, str]) -> object:
    return ids.get(name.casefold(), name) if isinstance(name, str) else name


def _houses(names: object, ids: Mapping[str, str]) -> object:
    match names:
        case list():
            return [_house(name, ids) for name in names]
        case Mapping():
            return {_house(name, ids): value for name, value in names.items()}
        case _:
            return names


def _users(users: object, ids: Mapping[str, str]) -> object:
    if not isinstance(users, Mapping):
        return users
    return {
        tag: _by_id(user, ids) if isinstance(user, Mapping) else _house(user, ids)
        for tag, user in users.items()
    }


_NAMING: Mapping[str, Callable[[object, Mapping[str, str]], object]] = {
    "house": _house,
    "like": _house,
    "behind": _house,
    "left": _houses,
    "of": _houses,
    "order": _houses,
    "weights": _houses,
    "owners": _houses,
    "users": _users,
    "without": _houses,
}
"""What in changes is about houses."""
