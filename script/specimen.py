"""The invoice that the README shows: a made-up community in a made-up April.

Three houses: Anna's roof catches the morning sun, Beat's the afternoon's, Carla has
no cells. The numbers
follow from simple shapes of a day, so they come out the same everywhere.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

from custom_components.leg_invoicing.billing.agreements import Agreement, Party
from custom_components.leg_invoicing.billing.benefits import (
    BenefitVersion,
    GridDiscount,
)
from custom_components.leg_invoicing.billing.calendar import (
    Span,
    interval_starts,
    parse_period,
)
from custom_components.leg_invoicing.billing.energy import Energy
from custom_components.leg_invoicing.billing.invoices import (
    Invoice,
    Letterhead,
    RegisterReadings,
    issue,
)
from custom_components.leg_invoicing.billing.measurements import (
    IntervalSlice,
    Measurements,
)
from custom_components.leg_invoicing.billing.models import Model
from custom_components.leg_invoicing.billing.money import UnitPrice
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.billing.settlement import settle
from custom_components.leg_invoicing.billing.statements import Settlement
from custom_components.leg_invoicing.billing.tariffs import Price, Tariff, TariffVersion
from custom_components.leg_invoicing.billing.terms import Community, Terms
from custom_components.leg_invoicing.documents.pdf import render_pdf


def _by_hour(figures: str) -> tuple[int, ...]:
    return tuple(int(figure) for figure in figures.split())


PERIOD = parse_period("2026-04")
HOUSES = {
    "house_1": "Sonnenhofweg 7",
    "house_2": "Sonnenhofweg 9",
    "house_3": "Sonnenhofweg 11",
}
USE = _by_hour("9 8 8 8 9 12 24 38 34 26 24 30 44 36 26 24 26 38 62 68 56 42 26 14")
"""A house's consumption by hour of the day, in hundredths of a kW."""
SUN = _by_hour("0 0 0 0 0 0 4 20 60 120 180 225 245 240 215 170 115 60 20 4 0 0 0 0")
"""The roof's production by hour of the day, in hundredths of a kW."""
CLOUDS = (10, 7, 3, 9, 2, 6, 10, 8, 4, 5)
"""How many tenths of the sun come through, day after day."""
OUTAGE = Span(
    int(datetime(2026, 4, 11, 12, 15, tzinfo=UTC).timestamp()),
    int(datetime(2026, 4, 11, 18, 30, tzinfo=UTC).timestamp()),
)
"""When Anna's meter was out of reach."""

LETTERHEAD = Letterhead(
    community_id="sonnenhof",
    community_name="LEG Sonnenhof",
    issuer=Party(
        name="Verein LEG Sonnenhof",
        address=("Sonnenhofweg 2", "8400 Winterthur"),
        email="kasse@sonnenhof.example",
        iban="CH93 0076 2011 6238 5295 7",
    ),
    timezone="Europe/Zurich",
    currency="CHF",
    payment_term_days=30,
)
ANNA = Party(
    name="Anna Muster",
    address=("Sonnenhofweg 7", "8400 Winterthur"),
    iban="CH56 0483 5012 3456 7800 9",
)


def _agreement(number: int, participant: Party) -> Agreement:
    return Agreement(
        house_id=f"house_{number}",
        participant=participant,
        tariff_id="standard",
        first=date(2026, 1, 1),
        agreement_id=f"agreement_{number}",
    )


def _terms() -> Terms:
    version = TariffVersion(
        valid_from=date(2026, 1, 1),
        p_pv=Price.flat(UnitPrice(Decimal(20))),
        p_con=Price.flat(UnitPrice(Decimal(25))),
        p_grid_del=Price.flat(UnitPrice(Decimal(6))),
        p_grid_con=Price.flat(UnitPrice(Decimal("29.35"))),
    )
    return Terms(
        community=Community(
            timezone="Europe/Zurich",
            currency="CHF",
            model=Model.SPLIT,
            benefits=(
                BenefitVersion(
                    co2_factor=UnitPrice(Decimal(128)),
                    grid_discount=GridDiscount(
                        percent=Decimal(40), grid_fee=UnitPrice(Decimal("9.5"))
                    ),
                ),
            ),
            grid_tariff="standard",
        ),
        tariffs={"standard": Tariff("standard", (version,))},
        agreements=(
            _agreement(1, ANNA),
            _agreement(2, Party(name="Beat Beispiel")),
            _agreement(3, Party(name="Carla Esempio")),
        ),
    )


def _slices(span: Span) -> Iterator[IntervalSlice]:
    """Yield the houses' quarter hours: what passes each meter."""
    for start in interval_starts(span, 15):
        day, second = divmod(start - span.start, 86_400)
        hour = second // 3600
        sun = SUN[hour] * CLOUDS[day % len(CLOUDS)]
        # A quarter hour at a hundredth of a kW is 2500 mWh.
        used = [USE[hour] * percent * 25 for percent in (130, 95, 160)]
        made = [sun * 150 if hour < 12 else sun * 10, sun * 300 if hour > 10 else 0, 0]
        quality = Quality.INTERPOLATED if start in OUTAGE else Quality.MEASURED
        yield IntervalSlice(
            start,
            [max(0, u - m) for u, m in zip(used, made, strict=True)],
            [max(0, m - u) for u, m in zip(used, made, strict=True)],
            [quality, Quality.MEASURED, Quality.MEASURED],
        )


def _settlement() -> Settlement:
    terms = _terms()
    span = PERIOD.span(terms.community.zone)
    return settle(terms, span, Measurements(tuple(HOUSES), _slices(span)))


def specimen() -> Invoice:
    """Return Anna's invoice."""
    settlement = _settlement()
    energy = settlement.statements[0].energy
    import_start, export_start = Energy(4_213_507_000), Energy(18_940_112_000)
    invoices = issue(
        settlement,
        LETTERHEAD,
        PERIOD,
        issued_on=date(2026, 5, 2),
        last_sequence=9,
        house_names=HOUSES,
        registers={
            "agreement_1": RegisterReadings(
                import_start=import_start,
                import_end=import_start + energy.imported,
                export_start=export_start,
                export_end=export_start + energy.exported,
            )
        },
    )
    return invoices[0]


def specimen_pdf() -> bytes:
    """Return Anna's invoice as it is printed."""
    return render_pdf(specimen())
