"""Terms from the mapping that a person wrote down.

The mapping holds text, exactly as it was typed, so that no number passes through
binary floating point on its way to a price:

    community:  timezone; currency, model, interval, grid_tariff, sharing (see
                `sharing_written`), official_allocation, gaps (policy, limit_hours,
                shape), holidays (dates, or a country), rounding (the smallest coin,
                such as 0.05), issuer (as a participant); what is told
                beside the bills, as `benefits_written` reads it
    tariffs:    by name, a list of versions, as `tariff_record` reads them
    agreements, owners, left: see `agreements_written`
    meters:     by id, as `meters_written` reads them; may be left out

What is not understood is refused: a misspelt key would otherwise be a price or a
date that silently does not count.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from .agreements import Agreement
from .agreements_written import (
    agreements_from_written,
    left_from_written,
    owners_from_written,
    party_from_written,
)
from .allocation import OfficialUse
from .benefits_written import BENEFIT_FIELDS, benefits_from_fields
from .calendar import INTERVAL_MINUTES
from .currencies import CURRENCIES, smallest_unit
from .holidays_written import holidays_from_written
from .meters import Meter, Role
from .meters_written import meters_from_written
from .models import Model
from .money import Money
from .reasons import community as because, metering
from .rounding import EXACT
from .sharing_written import SHARING_FIELDS, sharing_from_fields
from .tariff_record import require_heeded, tariff_from_written
from .terms import Community, GapPolicy, GapRule, GapShape, Terms, minutes_of
from .written import Written, known_tariff, listed

_QUARTER_HOUR = 15
REQUIRED_PARTS = ("community", "tariffs", "agreements")
OPTIONAL_PARTS = ("owners", "left", "meters")


def terms_from_record(record: object) -> Terms:
    """Build the terms.

    Raises TermsError for anything missing, misspelt, of a wrong type or
    contradictory.
    """
    parts = Written(record).fields(REQUIRED_PARTS, OPTIONAL_PARTS)
    minutes = _interval_of(parts["community"])
    tariffs = {
        name: tariff_from_written(name, node, minutes)
        for name, node in parts["tariffs"].entries().items()
    }
    if not tariffs:
        parts["tariffs"].refuse(because.NO_TARIFFS())
    agreements = agreements_from_written(parts["agreements"], tariffs)
    community = _community(parts["community"], tariffs, agreements)
    for name, node in parts["tariffs"].entries().items():
        require_heeded(node, tariffs[name], community.model)
    return Terms(
        community=community,
        tariffs=tariffs,
        agreements=agreements,
        owners=owners_from_written(parts["owners"], tariffs, agreements)
        if "owners" in parts
        else {},
        left=left_from_written(parts["left"], agreements) if "left" in parts else {},
        meters=_meters(parts, tariffs, agreements),
    )


def _meters(
    parts: Mapping[str, Written],
    tariffs: Collection[str],
    agreements: Sequence[Agreement],
) -> tuple[Meter, ...]:
    if "meters" not in parts:
        return ()
    houses = tuple(dict.fromkeys(agreement.house_id for agreement in agreements))
    meters = meters_from_written(parts["meters"], houses, tariffs)
    partly = next((a.house_id for a in agreements if a.factor != 1), None)
    if partly is not None and any(meter.role is Role.GRID for meter in meters):
        parts["meters"].refuse(metering.FACTOR_WITH_GRID(house=partly))
    return meters


def _community(
    written: Written, tariffs: Collection[str], agreements: Sequence[Agreement]
) -> Community:
    part = _settings_of(written)
    settings = {
        field: read(part[key])
        for key, (field, read) in _SETTINGS.items()
        if key in part
    }
    community = Community(
        timezone=_timezone(part["timezone"]),
        grid_tariff=known_tariff(part["grid_tariff"], tariffs)
        if "grid_tariff" in part
        else next(iter(tariffs)),
        sharing=sharing_from_fields(part, agreements),
        benefits=benefits_from_fields(part),
        **{"currency": "CHF", **settings},
    )
    if "rounding" in part:
        _require_coin(part["rounding"], community)
    return community


def _settings_of(community: Written) -> dict[str, Written]:
    settings = (*_SETTINGS, *SHARING_FIELDS, *BENEFIT_FIELDS, "grid_tariff")
    return community.fields(("timezone",), settings)


def _interval_of(community: Written) -> int:
    """Return how long intervals are, before the rest of the community is read."""
    part = _settings_of(community)
    return _interval(part["interval"]) if "interval" in part else _QUARTER_HOUR


def _timezone(written: Written) -> str:
    try:
        return ZoneInfo(written.text()).key
    # A file of that name may be absent, a folder, or no time zone.
    except KeyError, ValueError, OSError:
        written.refuse(because.NO_ZONE(zone=written.text()))


def _currency(written: Written) -> str:
    if written.text() not in CURRENCIES:
        written.refuse(because.NO_CURRENCY(code=written.text()))
    return written.text()


def _interval(written: Written) -> int:
    lengths = {str(minutes): minutes for minutes in INTERVAL_MINUTES}
    if written.text() not in lengths:
        reason = because.NO_INTERVAL(minutes=written.text(), hint=listed(lengths))
        written.refuse(reason)
    return lengths[written.text()]


def _gaps(written: Written) -> GapRule:
    part = written.fields((), tuple(_GAP_SETTINGS))
    return GapRule(
        **{
            field: read(part[key])
            for key, (field, read) in _GAP_SETTINGS.items()
            if key in part
        }
    )


def _limit(written: Written) -> int:
    minutes = minutes_of(written.number())
    if minutes <= 0:
        policy = GapPolicy.MEASURE_ONLY
        written.refuse(because.GAP_OF_NOTHING(name=written.name, policy=policy))
    return minutes


def _rounding(written: Written) -> Money:
    """Read the smallest coin, in units of the currency."""
    coin = Money(written.number().scaleb(2, EXACT))
    if coin.ct < 0:
        written.refuse(because.NO_COIN())
    return coin


def _require_coin(written: Written, community: Community) -> None:
    """Refuse a coin that is no multiple of what the currency has."""
    unit = smallest_unit(community.currency)
    if community.rounding.rounded_to(unit) != community.rounding:
        units, currency = f"{unit.units:f}", community.currency
        written.refuse(because.COIN_TOO_FINE(currency=currency, unit=units))


type _Reader = Callable[[Written], Any]

_SETTINGS: Mapping[str, tuple[str, _Reader]] = {
    "currency": ("currency", _currency),
    "model": ("model", lambda written: written.choice(Model)),
    "interval": ("interval_minutes", _interval),
    "official_allocation": (
        "official_allocation",
        lambda written: written.choice(OfficialUse),
    ),
    "gaps": ("gaps", _gaps),
    "holidays": ("holidays", holidays_from_written),
    "rounding": ("rounding", _rounding),
    "issuer": ("issuer", party_from_written),
}
"""How the settings with a default are called in `Community`, and read."""

_GAP_SETTINGS: Mapping[str, tuple[str, _Reader]] = {
    "policy": ("policy", lambda written: written.choice(GapPolicy)),
    "limit_hours": ("limit_minutes", _limit),
    "shape": ("shape", lambda written: written.choice(GapShape)),
}
"""The same in `GapRule`."""
