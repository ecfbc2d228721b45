"""A config entry and the books, as the terms the rules work with."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigSubentry

from .benefit_settings import undated_benefits
from .bill_settings import coin_of
from .billing.agreements import Party
from .billing.allocation import OfficialUse
from .billing.calendar import Instant, midnight
from .billing.commitments import Commitments
from .billing.invoices import Letterhead
from .billing.models import Model
from .billing.terms import Community, Terms
from .const import (
    CADENCE_MONTHS,
    CONF_ADDRESS,
    CONF_CADENCE,
    CONF_COMMUNITY_ID,
    CONF_CURRENCY,
    CONF_EMAIL,
    CONF_EXPORT_REGISTER,
    CONF_FIRST_TARIFF,
    CONF_HOUSE_ID,
    CONF_IBAN,
    CONF_IMPORT_REGISTER,
    CONF_INTERVAL,
    CONF_ISSUER,
    CONF_LANGUAGE,
    CONF_MAX_POWER_KW,
    CONF_METER_CONSTANT,
    CONF_METER_ID,
    CONF_MODEL,
    CONF_NAME,
    CONF_OFFICIAL_ALLOCATION,
    CONF_PAYMENT_TERM_DAYS,
    CONF_TARIFF,
    CONF_TIMEZONE,
    CONF_UNIT,
    CONF_VAT_NUMBER,
    CONF_WEIGHT,
    SUBENTRY_HOUSE,
    SUBENTRY_METER,
)
from .gap_settings import gap_rule_of
from .holiday_settings import holidays_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """What registers measure, as it was set up: a house, or a meter beside its own."""

    point_id: str
    """Of its rows in the ledger."""
    subentry_id: str
    name: str
    registers: Mapping[str, str]
    """Entity registry id by register: import, export."""
    unit: str | None
    max_power_w: int
    constant: Decimal = Decimal(1)
    """What its registers are to be multiplied by: the ratio of transformers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House(Point):
    """A house, measured by its main meter."""

    @property
    def house_id(self) -> str:
        """Its id, which is the one of its point too."""
        return self.point_id


def settings_of(entry: ConfigEntry[Any]) -> Mapping[str, Any]:
    """Return all settings of a community, those that may change at any time too."""
    return {**entry.data, **entry.options}


def community_of(settings: Mapping[str, Any]) -> Community:
    """Return the community's own terms."""
    return Community(
        timezone=settings[CONF_TIMEZONE],
        currency=settings[CONF_CURRENCY],
        model=Model(settings[CONF_MODEL]),
        interval_minutes=settings[CONF_INTERVAL],
        official_allocation=OfficialUse(
            settings.get(CONF_OFFICIAL_ALLOCATION, OfficialUse.AUDIT)
        ),
        gaps=gap_rule_of(settings),
        holidays=holidays_of(settings),
        rounding=coin_of(settings),
        grid_tariff=settings[CONF_FIRST_TARIFF][CONF_TARIFF],
        issuer=issuer_of(settings),
        benefits=(undated_benefits(settings),),
    )


def terms_of(settings: Mapping[str, Any], books: Commitments) -> Terms:
    """Return everything a settlement needs besides energy."""
    community = community_of(settings)
    return Terms(
        community=replace(
            community,
            sharing=books.sharing,
            benefits=(*community.benefits, *books.benefits),
        ),
        tariffs=books.tariffs,
        agreements=books.agreements,
        owners=books.owners,
        left=books.left,
        meters=books.meters,
    )


def member_since(terms: Terms) -> Mapping[str, Instant]:
    """Return when each house's first agreement began, and each meter counts.

    A meter counts no earlier than its house, or, without one, than anybody.
    """
    zone = terms.community.zone
    since: dict[str, Instant] = {}
    for agreement in terms.agreements:
        start = midnight(agreement.first, zone)
        since[agreement.house_id] = min(start, since.get(agreement.house_id, start))
    anybody = min(since.values(), default=0)
    for meter in terms.meters:
        start = midnight(meter.since, zone) if meter.since else anybody
        since[meter.meter_id] = max(start, since.get(meter.house_id or "", anybody))
    return since


def cadence_months(settings: Mapping[str, Any]) -> int:
    """Return how many months a settlement period has."""
    return CADENCE_MONTHS[settings[CONF_CADENCE]]


def letterhead_of(entry: ConfigEntry[Any]) -> Letterhead:
    """Return what all invoices of the community share."""
    return Letterhead(
        community_id=entry.data[CONF_COMMUNITY_ID],
        community_name=entry.title,
        issuer=issuer_of(entry.options),
        timezone=entry.data[CONF_TIMEZONE],
        currency=entry.data[CONF_CURRENCY],
        payment_term_days=entry.options[CONF_PAYMENT_TERM_DAYS],
    )


def issuer_of(settings: Mapping[str, Any]) -> Party:
    """Return who sends the invoices."""
    issuer = settings[CONF_ISSUER]
    return Party(
        name=issuer[CONF_NAME],
        address=address_lines(issuer[CONF_ADDRESS]),
        iban=issuer[CONF_IBAN],
        vat_number=issuer.get(CONF_VAT_NUMBER),
    )


def party_of(participant: Mapping[str, Any]) -> Party:
    """Return a participant as entered in a house's form."""
    return Party(
        name=participant[CONF_NAME],
        address=address_lines(participant[CONF_ADDRESS]),
        email=participant[CONF_EMAIL],
        language=participant[CONF_LANGUAGE],
        iban=participant[CONF_IBAN],
        # Those of earlier versions have none.
        vat_number=participant.get(CONF_VAT_NUMBER),
    )


def weight_of(first: Mapping[str, Any]) -> Decimal | None:
    """Return what was agreed with a house's first occupant as its share."""
    # Those of earlier versions have none.
    return Decimal(first[CONF_WEIGHT]) if first.get(CONF_WEIGHT) else None


def address_lines(address: str) -> tuple[str, ...]:
    """Split an address as typed into its lines."""
    return tuple(line.strip() for line in address.splitlines() if line.strip())


def houses_of_entry(entry: ConfigEntry[Any]) -> tuple[House, ...]:
    """Return the houses of a community, by id."""
    return _points(House, entry, SUBENTRY_HOUSE, CONF_HOUSE_ID)


def meter_points_of_entry(entry: ConfigEntry[Any]) -> tuple[Point, ...]:
    """Return the meters beside the houses' own, by id; some have no registers."""
    return _points(Point, entry, SUBENTRY_METER, CONF_METER_ID)


def points_of_entry(entry: ConfigEntry[Any]) -> tuple[Point, ...]:
    """Return all that a community measures: its houses, then its meters."""
    meters = meter_points_of_entry(entry)
    return (*houses_of_entry(entry), *(meter for meter in meters if meter.registers))


def _points[P: Point](
    kind: type[P], entry: ConfigEntry[Any], subentry_type: str, id_key: str
) -> tuple[P, ...]:
    points = (
        kind(**_settings(subentry, id_key))
        for subentry in entry.get_subentries_of_type(subentry_type)
    )
    return tuple(sorted(points, key=lambda point: point.point_id))


def _settings(subentry: ConfigSubentry, id_key: str) -> dict[str, Any]:
    """Return what is known of a point, as `Point` is called with it."""
    data = subentry.data
    registers = {
        "import": data.get(CONF_IMPORT_REGISTER),
        "export": data.get(CONF_EXPORT_REGISTER),
    }
    return {
        "point_id": data[id_key],
        "subentry_id": subentry.subentry_id,
        "name": subentry.title,
        "registers": {name: uuid for name, uuid in registers.items() if uuid},
        # What is calculated has neither registers nor their settings.
        "unit": data.get(CONF_UNIT),
        "max_power_w": round(data.get(CONF_MAX_POWER_KW, 0) * 1000),
        # Houses of earlier versions have none.
        "constant": Decimal(data.get(CONF_METER_CONSTANT, "1")),
    }
