"""What a community tells beside the bill, from what a person wrote, and back.

    community:
      co2: 128                                    g/kWh of the grid, or
      co2: {signal: grid_co2}                     what a sensor shows, as in prices
      grid_discount: {percent: 40, grid_fee: 9.5} ct/kWh, before the discount
      ceiling: {percent: 80}                      of what a utility would charge
      benefits:                                   and from other days on
        - {valid_from: 2027-01-01, co2: 112, ceiling: {percent: 75}}

What stands outside the list counts always, or until the first day of the list. An
entry of the list says all there is to say: nothing is taken over from what was before.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from .benefits import BenefitVersion, BenefitVersions, Ceiling, GridDiscount
from .dated import SINCE_EVER
from .money import UnitPrice
from .rates import Rate
from .reasons import community as because
from .signal_record import signal_price_from, written_rate
from .written import Written

_WHOLE = Decimal(100)


def _co2(written: Written) -> Rate:
    if isinstance(written.value, Mapping):
        return signal_price_from(written)
    return UnitPrice(_not_negative(written, "g/kWh"))


def _grid_discount(written: Written) -> GridDiscount:
    part = written.fields(("percent", "grid_fee"))
    return GridDiscount(
        percent=_percent(part["percent"]),
        grid_fee=UnitPrice(_not_negative(part["grid_fee"], "ct/kWh")),
    )


def _ceiling(written: Written) -> Ceiling:
    return Ceiling(percent=_percent(written.fields(("percent",))["percent"]))


def _percent(written: Written) -> Decimal:
    percent = written.number()
    if not 0 < percent <= _WHOLE:
        written.refuse(because.WHOLE_PERCENT(name=written.name))
    return percent


def _not_negative(written: Written, unit: str) -> Decimal:
    number = written.number()
    if number < 0:
        written.refuse(because.NEGATIVE(name=written.name, unit=unit))
    return number


_SETTINGS: Mapping[str, tuple[str, Callable[[Written], Any]]] = {
    "co2": ("co2_factor", _co2),
    "grid_discount": ("grid_discount", _grid_discount),
    "ceiling": ("ceiling", _ceiling),
}
"""How the settings are called in a version, and read; each may be left out."""

_VERSIONS = "benefits"
BENEFIT_FIELDS = (*_SETTINGS, _VERSIONS)
"""What a community may say about what it tells."""


def benefits_from_fields(part: Mapping[str, Written]) -> BenefitVersions:
    """Read what is told from a community's fields."""
    versions = {SINCE_EVER: BenefitVersion(**_told(part))}
    for item in part[_VERSIONS].items() if _VERSIONS in part else ():
        version = benefit_version_from_written(item)
        if version.valid_from in versions:
            item.refuse(because.TWO_ENTRIES(day=version.valid_from))
        versions[version.valid_from] = version
    return tuple(versions[day] for day in sorted(versions))


def benefit_version_from_written(written: Written) -> BenefitVersion:
    """Read what is told from a day on."""
    part = written.fields(("valid_from",), tuple(_SETTINGS))
    return BenefitVersion(valid_from=part["valid_from"].day(), **_told(part))


def undated_from_written(written: Written) -> BenefitVersion:
    """Read what is told without a day: since ever."""
    return BenefitVersion(**_told(written.fields((), tuple(_SETTINGS))))


def _told(part: Mapping[str, Written]) -> dict[str, Any]:
    return {
        field: read(part[key])
        for key, (field, read) in _SETTINGS.items()
        if key in part
    }


def written_benefits(versions: BenefitVersions) -> dict[str, Any]:
    """Return the fields of a community, as they are read back."""
    first, *later = versions
    written = written_told(first)
    if later:
        written[_VERSIONS] = [written_benefit_version(version) for version in later]
    return written


def written_benefit_version(version: BenefitVersion) -> dict[str, Any]:
    """Return what is told from a day on."""
    return {"valid_from": version.valid_from.isoformat(), **written_told(version)}


def written_told(version: BenefitVersion) -> dict[str, Any]:
    """Return what a version tells, whenever that is."""
    written: dict[str, Any] = {}
    if version.co2_factor is not None:
        written["co2"] = written_rate(version.co2_factor)
    if (discount := version.grid_discount) is not None:
        written["grid_discount"] = {
            "percent": f"{discount.percent:f}",
            "grid_fee": f"{discount.grid_fee.ct_per_kwh:f}",
        }
    if version.ceiling is not None:
        written["ceiling"] = {"percent": f"{version.ceiling.percent:f}"}
    return written
