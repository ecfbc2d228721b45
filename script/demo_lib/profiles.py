"""A house's electricity, made up: what it uses and what its roof produces.

Everything follows from the house and the instant alone, so history and the present
fit together and two runs agree. Households follow the hour (evening peak, later
weekends), the season and a few appliances; roofs follow the sun over central
Switzerland and a weather that all houses share. Energy is in tenths of a watt hour,
the last digit that a meter shows.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b
from math import cos, pi, radians, sin
from zoneinfo import ZoneInfo

SLOT_SECONDS = 300
"""The model's resolution; every interval length is a multiple of it."""
PER_KWH = 10_000
"""Tenths of a watt hour in a kilowatt hour."""

ZONE = ZoneInfo("Europe/Zurich")
LATITUDE, LONGITUDE = 47.05, 8.31

# Relative power by hour of the day; between the hours it goes in a straight line.
_WEEKDAY = (
    *(0.45, 0.38, 0.35, 0.34, 0.36, 0.48, 0.85, 1.10, 1.00, 0.90, 0.88, 1.05),
    *(1.25, 1.05, 0.85, 0.82, 0.95, 1.30, 1.75, 1.95, 1.70, 1.35, 0.95, 0.62),
)
_WEEKEND = (
    *(0.60, 0.48, 0.40, 0.37, 0.36, 0.38, 0.50, 0.75, 1.10, 1.35, 1.45, 1.55),
    *(1.60, 1.35, 1.15, 1.05, 1.10, 1.35, 1.70, 1.80, 1.55, 1.30, 1.05, 0.80),
)
_MEAN = (5 * sum(_WEEKDAY) + 2 * sum(_WEEKEND)) / (7 * 24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Appliance:
    """Something large that runs on some days."""

    name: str
    watts: int
    minutes: int
    earliest: int
    latest: int
    """Between which hours it starts."""
    chance: float
    """On how many of all days."""


HOUSEHOLD = (
    Appliance(name="oven", watts=2200, minutes=40, earliest=17, latest=19, chance=0.5),
    Appliance(name="hob", watts=1500, minutes=30, earliest=11, latest=13, chance=0.6),
    Appliance(
        name="dishes", watts=1200, minutes=70, earliest=19, latest=22, chance=0.7
    ),
    Appliance(
        name="laundry", watts=1400, minutes=90, earliest=8, latest=17, chance=0.4
    ),
)
CAR = Appliance(
    name="car", watts=11_000, minutes=135, earliest=17, latest=20, chance=0.45
)

_HEAT_PUMP_WATTS = 3500


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseModel:
    """What makes one house different from the next."""

    seed: str
    yearly_kwh: int
    """Without the heat pump and the car; 0 for a meter that counts nothing else."""
    appliances: tuple[Appliance, ...] = HOUSEHOLD
    car: Appliance | None = None
    heat_pump_kwh: int = 0
    """A year."""
    peak_kw: float = 0.0
    """Of the photovoltaic modules; 0 where there are none."""
    azimuth: int = 0
    """Where they look: -90 east, 0 south, 90 west; they are tilted by 30 degrees."""


def _chance(*what: object) -> float:
    """Return a number in [0, 1) that belongs to these words for ever."""
    digest = blake2b("/".join(map(str, what)).encode(), digest_size=6).digest()
    return int.from_bytes(digest) / 2**48


@lru_cache(maxsize=256)
def _runs(
    seed: str, appliances: tuple[Appliance, ...], day: int
) -> tuple[tuple[float, float, int], ...]:
    """Return from which to which hour which power of appliances runs on a day."""
    runs = []
    for appliance in appliances:
        if _chance(seed, appliance.name, day) < appliance.chance:
            span = appliance.latest - appliance.earliest
            start = appliance.earliest + span * _chance(seed, appliance.name, day, "at")
            runs.append((start, start + appliance.minutes / 60, appliance.watts))
    return tuple(runs)


def _base_watts(model: HouseModel) -> float:
    """Return the mean power of everything small."""
    if not model.yearly_kwh:
        return 0.0
    a_day = sum(a.watts * a.minutes / 60 * a.chance for a in model.appliances)
    return max(model.yearly_kwh * 1000 / 8760 - a_day / 24, 60)


def _large(model: HouseModel) -> tuple[Appliance, ...]:
    return (*model.appliances, *([model.car] if model.car else []))


def _household_watts(model: HouseModel, slot: int, local: datetime) -> float:
    hour = local.hour + local.minute / 60
    shape = _WEEKEND if local.weekday() >= 5 else _WEEKDAY
    before, after = shape[local.hour], shape[(local.hour + 1) % 24]
    relative = (before + (after - before) * (hour % 1)) / _MEAN
    season = 1 + 0.15 * cos(2 * pi * (local.timetuple().tm_yday - 15) / 365)
    base = _base_watts(model)
    noise = 0.6 + 0.5 * _chance(model.seed, slot // 3) + 0.3 * _chance(model.seed, slot)
    large = sum(
        watts
        for start, end, watts in _runs(model.seed, _large(model), local.toordinal())
        if start <= hour < end
    )
    return base * relative * season * noise + large


def _heat_pump_watts(model: HouseModel, slot: int, local: datetime) -> float:
    """Return full power or none: it runs for half an hour, more often when cold."""
    if not model.heat_pump_kwh:
        return 0.0
    cold = 1 + cos(2 * pi * (local.timetuple().tm_yday - 20) / 365)
    duty = model.heat_pump_kwh * 1000 / 8760 * cold / _HEAT_PUMP_WATTS
    return _HEAT_PUMP_WATTS * (_chance(model.seed, "heat", slot // 6) < duty)


def _clearness(slot: int) -> float:
    """Return how much of the direct sun gets through; all houses see one sky."""
    day, hour, within = slot // 288, slot // 12, slot % 12 / 12
    drift = _chance("sky", hour) * (1 - within) + _chance("sky", hour + 1) * within
    today = _chance("weather", day)
    return min(max(today + 0.7 * (drift - 0.5), 0.02), 1.0)


def _solar_watts(model: HouseModel, slot: int, utc: datetime) -> float:
    """Return the roof's power from the sun's place in the sky."""
    if not model.peak_kw:
        return 0.0
    day = utc.timetuple().tm_yday
    season = 2 * pi * (day - 81) / 365
    declination = radians(23.44) * sin(season)
    equation = 9.87 * sin(2 * season) - 7.53 * cos(season) - 1.5 * sin(season)
    minutes = utc.hour * 60 + utc.minute + 2.5 + 4 * LONGITUDE + equation
    angle = radians(minutes / 4 - 180)
    latitude, tilt, azimuth = radians(LATITUDE), radians(30), radians(model.azimuth)
    up = sin(latitude) * sin(declination)
    up += cos(latitude) * cos(declination) * cos(angle)
    if up <= 0.01:
        return 0.0
    south = -cos(latitude) * sin(declination)
    south += sin(latitude) * cos(declination) * cos(angle)
    west = cos(declination) * sin(angle)
    facing = up * cos(tilt) + sin(tilt) * (south * cos(azimuth) + west * sin(azimuth))
    direct: float = 1.35 * 0.7 ** (up**-0.678) * max(facing, 0.0) * _clearness(slot)
    return model.peak_kw * 850 * (direct + 0.12 * up)


def slot_energy(model: HouseModel, start: int) -> tuple[int, int]:
    """Return what a house takes from and gives to the grid in one slot.

    `start` is the slot's beginning in Unix seconds. The roof feeds the house first.
    """
    slot = start // SLOT_SECONDS
    utc = datetime.fromtimestamp(start, UTC)
    local = utc.astimezone(ZONE)
    watts = _household_watts(model, slot, local) + _heat_pump_watts(model, slot, local)
    net = round((watts - _solar_watts(model, slot, utc)) * 10 * SLOT_SECONDS / 3600)
    return max(net, 0), max(-net, 0)
