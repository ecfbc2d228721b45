"""The cast: five houses of a village, who lives there, and what else is measured.

Names, addresses and account numbers are made up; the account numbers' check digits
are right.
"""

from dataclasses import dataclass, field

from .meters import LEG, SHELLY, TAGS, TASMOTA_SML, WALLBOX, Meter
from .profiles import CAR, PER_KWH, HouseModel
from .simulator import SimulatedHouse

CHARGING = "Charging"
"""The tariff of the charger."""

ISSUER = {
    "issuer_name": "LEG Sonnhalde",
    "issuer_address": "Sonnhaldenstrasse 1\n6030 Ebikon",
    "issuer_iban": "CH93 0076 2011 6238 5295 7",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A house and who is billed for it."""

    house: str
    participant: str
    street: str
    language: str
    simulated: SimulatedHouse
    unit: str | None = None
    """What the form has to be told, where the meter's sensors do not say it."""
    iban: str | None = None
    """Where a credit goes."""

    @property
    def occupant(self) -> dict[str, str]:
        """The fields of the form about who lives there, except since when."""
        fields = {
            "participant_name": self.participant,
            "address": f"{self.street}\n6030 Ebikon",
            "email": f"{self.simulated.meter.hardware_id.lower()}@example.org",
            "language": self.language,
            "tariff": "Standard",
        }
        return fields | ({"iban": self.iban} if self.iban else {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Submeter:
    """A meter beside the houses' own, as its forms ask for it."""

    name: str
    role: str
    simulated: SimulatedHouse
    assignment: dict[str, str]
    """Houses stand in it by name."""
    users: dict[str, str] = field(default_factory=dict)
    """The houses of those who charge, by their tags."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Somebody who moves into a house in the middle of last month."""

    house: str
    occupant: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Village:
    """What becomes a community."""

    name: str
    minutes: int
    """How long its intervals are."""
    members: tuple[Member, ...]
    meters: tuple[Submeter, ...] = ()
    moves: tuple[Move, ...] = ()

    @property
    def simulated(self) -> tuple[SimulatedHouse, ...]:
        """Everything that has a meter."""
        houses = tuple(member.simulated for member in self.members)
        return (*houses, *(meter.simulated for meter in self.meters))

    @property
    def hardware(self) -> tuple[Meter, ...]:
        """All meters, as Home Assistant finds them."""
        return tuple(each.meter for each in self.simulated)

    @property
    def invoices(self) -> int:
        """How many invoices last month makes."""
        return len(self.members) + len(self.moves)


def _simulated(
    model: HouseModel, meter: Meter, *, imported: int, exported: int = 0
) -> SimulatedHouse:
    return SimulatedHouse(
        model=model,
        meter=meter,
        first_import=imported * PER_KWH + 7381,
        first_export=exported * PER_KWH + 2604 * bool(exported),
    )


_MEMBERS = (
    Member(
        house="Sonnhalde 3",
        participant="Familie Müller-Graf",
        street="Sonnhaldenstrasse 3",
        language="de",
        iban="CH07 0070 0110 0009 8765 4",
        simulated=_simulated(
            HouseModel(
                seed="sonnhalde", yearly_kwh=4500, peak_kw=9.8, azimuth=-10, car=CAR
            ),
            Meter(kind=LEG, hardware_id="0CB815F4A1D0", name="Meter Sonnhalde 3"),
            imported=18_204,
            exported=31_877,
        ),
    ),
    Member(
        house="Lindenhof",
        participant="Urs Zimmermann",
        street="Lindenweg 4",
        language="de",
        simulated=_simulated(
            HouseModel(seed="lindenhof", yearly_kwh=3900, heat_pump_kwh=4200),
            Meter(kind=LEG, hardware_id="0CB815F4A26C", name="Meter Lindenhof"),
            imported=52_660,
        ),
    ),
    Member(
        house="Le Moulin",
        participant="Élodie Favre",
        street="Mühlegasse 2",
        language="fr",
        iban="CH56 0483 5012 3456 7800 9",
        simulated=_simulated(
            HouseModel(seed="moulin", yearly_kwh=3200, peak_kw=6.4, azimuth=75),
            Meter(kind=LEG, hardware_id="0CB815F4B007", name="Meter Le Moulin"),
            imported=9_431,
            exported=14_052,
        ),
    ),
    Member(
        house="Casa Bellini",
        participant="Marco Bellini",
        street="Bachstrasse 7",
        language="it",
        iban="CH76 0900 0000 3053 1287 4",
        unit="kWh",
        simulated=_simulated(
            HouseModel(seed="bellini", yearly_kwh=5100, peak_kw=4.5, azimuth=30),
            Meter(kind=TASMOTA_SML, hardware_id="tasmota_4F21B8", name="SML Bellini"),
            imported=12_345,
            exported=4_007,
        ),
    ),
    Member(
        house="Old School",
        participant="Jane Oakley",
        street="Dorfplatz 1",
        language="en",
        simulated=_simulated(
            HouseModel(seed="school", yearly_kwh=2600),
            Meter(kind=SHELLY, hardware_id="shellypro3em-8813bf", name="Shelly School"),
            imported=7_710,
        ),
    ),
)

_METERS = (
    Submeter(
        name="Wallbox Sonnhalde 3",
        role="ev_charger",
        simulated=_simulated(
            # What it shows is in what the meter of the house shows, too.
            HouseModel(seed="sonnhalde", yearly_kwh=0, appliances=(CAR,)),
            Meter(kind=WALLBOX, hardware_id="wallbox-71c0aa", name="Wallbox"),
            imported=2_418,
        ),
        assignment={
            "house": "Sonnhalde 3",
            "behind": "Sonnhalde 3",
            "own_tariff": CHARGING,
        },
        users=dict(zip(TAGS, ("Sonnhalde 3", "Lindenhof"), strict=True)),
    ),
    Submeter(
        name="Dorfplatz lighting",
        role="common_area",
        simulated=_simulated(
            HouseModel(seed="dorfplatz", yearly_kwh=1400, appliances=()),
            Meter(kind=SHELLY, hardware_id="shellypro3em-5e0f91", name="Shelly Square"),
            imported=3_902,
        ),
        assignment={"share_by": "equal"},
    ),
)

_MOVES = (
    Move(
        house="Old School",
        occupant={
            "participant_name": "Lena and Tom Baumann",
            "address": "Dorfplatz 1\n6030 Ebikon",
            "email": "baumann@example.org",
            "language": "de",
            "tariff": "Standard",
        },
    ),
)

SONNHALDE = Village(
    name="LEG Sonnhalde", minutes=15, members=_MEMBERS, meters=_METERS, moves=_MOVES
)
