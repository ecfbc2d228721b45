"""Small months of a made-up community, settled and issued by the real rules."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from custom_components.leg_invoicing.billing.agreements import Agreement, Party
from custom_components.leg_invoicing.billing.calendar import (
    interval_starts,
    parse_period,
)
from custom_components.leg_invoicing.billing.findings import Finding
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
from custom_components.leg_invoicing.billing.money import NO_MONEY, Money, UnitPrice
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.billing.settlement import settle
from custom_components.leg_invoicing.billing.tariffs import (
    PRICE_NAMES,
    Price,
    Tariff,
    TariffVersion,
)
from custom_components.leg_invoicing.billing.terms import Community, Terms
from custom_components.leg_invoicing.billing.vat import NO_VAT, Vat
from custom_components.leg_invoicing.documents.pdf import render_pdf

HOUSES = ("house_1", "house_2")
ANNA = Party(
    name="Anna Muster",
    address=("Sonnenweg 7", "8400 Winterthur"),
    language="de",
    iban="CH5604835012345678009",
)
BEAT = Party(name="Beat Beispiel", address=("Sonnenweg 9", "8400 Winterthur"))
LETTERHEAD = Letterhead(
    community_id="sonnenhof",
    community_name="LEG Sonnenhof",
    issuer=Party(
        name="Verein LEG Sonnenhof",
        address=("Sonnenweg 2", "8400 Winterthur"),
        iban="CH9300762011623852957",
    ),
    timezone="Europe/Zurich",
    currency="CHF",
    payment_term_days=30,
)


def prices(valid_from: date, *ct_per_kwh: str) -> TariffVersion:
    """Return prices in the order p_pv, p_con, p_grid_del, p_grid_con."""
    by_name = zip(PRICE_NAMES, ct_per_kwh, strict=True)
    return TariffVersion(
        valid_from=valid_from,
        **{name: Price.flat(UnitPrice(Decimal(price))) for name, price in by_name},
    )


STANDARD = (prices(date(2026, 1, 1), "20", "25", "6", "30"),)


def terms(
    *,
    model: Model = Model.SPLIT,
    versions: Iterable[TariffVersion] = STANDARD,
    moves: date | None = None,
    letterhead: Letterhead = LETTERHEAD,
    rounding: Money = NO_MONEY,
    beat_vat: Vat = NO_VAT,
) -> Terms:
    """Return the terms of two houses; Beat may move out, for Carla to move in."""
    agreements = [
        _agreement(1, ANNA, date(2026, 1, 1)),
        replace(_agreement(2, BEAT, date(2026, 1, 1), end=moves), vat=beat_vat),
    ]
    if moves is not None:
        agreements.append(_agreement(2, Party(name="Carla Esempio"), moves))
    return Terms(
        community=Community(
            timezone=letterhead.timezone,
            currency=letterhead.currency,
            model=model,
            rounding=rounding,
            grid_tariff="standard",
        ),
        tariffs={"standard": Tariff("standard", tuple(versions))},
        agreements=tuple(agreements),
    )


def _agreement(
    number: int, participant: Party, first: date, *, end: date | None = None
) -> Agreement:
    return Agreement(
        house_id=f"house_{number}",
        participant=participant,
        tariff_id="standard",
        first=first,
        end=end,
        agreement_id=f"{number}-{first}",
    )


def issued(
    period_id: str = "2026-01",
    *,
    imported: tuple[int, int] = (40_001, 30_000),
    exported: tuple[int, int] = (0, 45_037),
    gap: int = 0,
    names: Mapping[str, str] | None = None,
    registers: Mapping[str, RegisterReadings] | None = None,
    letterhead: Letterhead = LETTERHEAD,
    **of_terms: Any,
) -> tuple[Invoice, ...]:
    """Issue the invoices of a period in which every quarter hour is alike.

    Energies are mWh a quarter hour, by house; so many intervals of the first
    house are interpolated.
    """
    agreed = terms(letterhead=letterhead, **of_terms)
    period = parse_period(period_id)
    span = period.span(agreed.community.zone)
    slices = (
        IntervalSlice(
            start,
            imported,
            exported,
            (Quality.INTERPOLATED if i < gap else Quality.MEASURED, Quality.MEASURED),
        )
        for i, start in enumerate(interval_starts(span, 15))
    )
    return issue(
        settle(agreed, span, Measurements(HOUSES, slices)),
        letterhead,
        period,
        issued_on=date(2026, 2, 3),
        last_sequence=0,
        house_names=names or {"house_1": "Sonnenweg 7", "house_2": "Sonnenweg 9"},
        registers=registers or {},
    )


def invoice(**of_month: Any) -> Invoice:
    """Issue a month and return Anna's invoice."""
    return issued(**of_month)[0]


def addressed(an_invoice: Invoice, **changes: Any) -> Invoice:
    """Return the invoice with other data of its recipient."""
    statement = an_invoice.statement
    recipient = replace(statement.agreement.participant, **changes)
    agreement = replace(statement.agreement, participant=recipient)
    return replace(an_invoice, statement=replace(statement, agreement=agreement))


def from_issuer(an_invoice: Invoice, **changes: Any) -> Invoice:
    """Return the invoice with other data of its issuer."""
    letterhead = an_invoice.letterhead
    issuer = replace(letterhead.issuer, **changes)
    return replace(an_invoice, letterhead=replace(letterhead, issuer=issuer))


def with_findings(an_invoice: Invoice, *findings: Finding) -> Invoice:
    """Return the invoice with these findings."""
    return replace(an_invoice, findings=findings)


def credit() -> Invoice:
    """Return the invoice of a house that the community owes."""
    return issued(exported=(0, 450_371))[1]


def in_english(an_invoice: Invoice) -> bytes:
    """Print an invoice in English."""
    return render_pdf(addressed(an_invoice, language="en"))
