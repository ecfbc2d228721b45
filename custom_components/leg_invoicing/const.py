"""Names that Home Assistant stores or shows, in one place."""

from typing import Final

DOMAIN: Final = "leg_invoicing"
SUBENTRY_HOUSE: Final = "house"
SUBENTRY_METER: Final = "meter"

CONF_COMMUNITY_ID: Final = "community_id"
CONF_CURRENCY: Final = "currency"
CONF_TIMEZONE: Final = "timezone"
CONF_MODEL: Final = "model"
CONF_INTERVAL: Final = "interval"
CONF_CADENCE: Final = "cadence"
CONF_FIRST_TARIFF: Final = "first_tariff"

CONF_ISSUER: Final = "issuer"
CONF_PAYMENT_TERM_DAYS: Final = "payment_term_days"
CONF_OFFICIAL_ALLOCATION: Final = "official_allocation"
CONF_BENEFITS: Final = "benefits"
CONF_GAPS: Final = "gaps"
CONF_HOLIDAYS: Final = "holidays"
CONF_NO_HOLIDAYS: Final = "no_holidays"
CONF_HOLIDAY_COUNTRY: Final = "holiday_country"
CONF_HOLIDAY_SUBDIVISION: Final = "holiday_subdivision"
CONF_ROUNDING: Final = "rounding"
CONF_IGNORED_POINTS: Final = "ignored_points"

CONF_HOUSE_ID: Final = "house_id"
CONF_IMPORT_REGISTER: Final = "import_register"
CONF_EXPORT_REGISTER: Final = "export_register"
CONF_UNIT: Final = "unit"
CONF_MAX_POWER_KW: Final = "max_power_kw"
CONF_METER_CONSTANT: Final = "meter_constant"
CONF_FIRST_AGREEMENT: Final = "first_agreement"

CONF_METER_ID: Final = "meter_id"
CONF_TERMS: Final = "terms"

CONF_PARTICIPANT: Final = "participant"
CONF_ADDRESS: Final = "address"
CONF_EMAIL: Final = "email"
CONF_LANGUAGE: Final = "language"
CONF_IBAN: Final = "iban"
CONF_VAT: Final = "vat"
CONF_VAT_MODE: Final = "vat_mode"
CONF_VAT_RATE: Final = "vat_rate"
CONF_VAT_NUMBER: Final = "vat_number"
CONF_VAT_REASON: Final = "vat_reason"
CONF_TARIFF: Final = "tariff"
CONF_NAME: Final = "name"
CONF_FROM: Final = "from"
CONF_TO: Final = "to"
CONF_WEIGHT: Final = "weight"
CONF_INVOICE: Final = "invoice"
CONF_OWNER_NAME: Final = "owner_name"
CONF_OWNER_ADDRESS: Final = "owner_address"
CONF_FACTOR: Final = "factor"
CONF_VALID_FROM: Final = "valid_from"

FINDING_PAGES: Final = (
    "https://github.com/leg-invoicing/leg_invoicing/blob/main/docs/findings"
)
"""Where each finding and repair has a page of its own, by its key."""

EVENT_PERIOD_CLOSED: Final = "leg_invoicing_period_closed"

CADENCE_MONTHS: Final = {"month": 1, "quarter": 3, "year": 12}
"""How many months a settlement period has, by cadence."""

GRACE_SECONDS: Final = 60
"""How long after its end an interval waits for a reading behind its edge."""
