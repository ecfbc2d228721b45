"""The cast: five houses of a village, who lives there, and what is on their roofs.

Names, addresses and account numbers are made up; the account numbers' check digits
are right.
"""

from dataclasses import dataclass

from .meters import LEG, SHELLY, TASMOTA_SML, Meter
from .profiles import PER_KWH, HouseModel
from .simulator import SimulatedHouse

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
class Village:
    """What becomes a community."""

    name: str
    minutes: int
    """How long its intervals are."""
    members: tuple[Member, ...]


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
            HouseModel(seed="sonnhalde", yearly_kwh=4500, peak_kw=9.8, azimuth=-10),
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

SONNHALDE = Village(name="LEG Sonnhalde", minutes=15, members=_MEMBERS)
