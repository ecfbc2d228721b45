"""What a language has to say."""

from collections.abc import Mapping
from dataclasses import dataclass

from ...billing.explanations import Remark
from ...billing.findings import FindingCode
from ...billing.models import LineKind, Model
from ...billing.quality import Quality
from ...billing.statements import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """The texts of one language, in the order in which a document shows them."""

    invoice: str
    """Title where the house owes, or nobody does."""
    credit: str
    """Title where the community owes."""

    number: str
    issued: str
    due: str
    settled: str
    """The days this document is about."""
    period: str
    """The community's period, shown where those days are only a part of it."""
    house: str
    vacancy: str
    """Nobody had the house; its owner reads it."""

    description: str
    days: str
    quantity: str
    price: str
    """{unit}"""
    amount: str
    """{currency}"""
    lines: Mapping[LineKind, str]
    prices: Mapping[str, str]
    """What another price is called that a price is per cent of."""
    percent_of_price: str
    """{percent}, {of}: what the other price or the charge is called, {price}: what it is"""
    charged: Mapping[str, str]
    """What a discount takes per cent of."""
    tier_first: str
    """{to}: what a month may come to"""
    tier_between: str
    """{above}, {to}"""
    tier_last: str
    """{above}"""
    tier_of: str
    """{tier}: its limits, {kwh}: all energy of the month"""
    fee_units: Mapping[Unit, str]
    """{amount}, for each month or year"""
    vat_on_top: str
    """{rate} per cent, {amount} before the tax"""
    vat_included: str
    """{rate} per cent, {amount} of tax"""
    without_vat: str
    """{amount} that remains of a price without the tax in it"""
    vat_none: str
    """{reason}"""
    supplier_vat_on_top: str
    """The same three of the house's own VAT, on what it delivered."""
    supplier_vat_included: str
    supplier_vat_none: str
    self_billing: str
    """Whose tax that is. {number}"""
    vat_number: str
    """The issuer's. {name}, {number}"""
    of_line: str
    of_lines: str
    """{lines}: the numbers of those that a line is computed from, one or several"""
    unrounded: str
    """{lines}, of which the exact amounts count"""
    nearest: str
    """{coin}: the smallest that totals are multiples of"""
    other_houses: str
    """{amount} of other houses on the same invoice"""
    sum_of_intervals: str
    """{count}, {quantity}, {average}, {unit}: energy at prices of intervals"""
    remarks: Mapping[Remark, str]
    no_lines: str
    subtotal: str
    """Of one house among several."""
    total: str
    cents: Mapping[str, str]
    """What a hundredth is called, by currency; more are in `minor_units`."""

    to_pay: str
    """{due}"""
    account: str
    payee: str
    reference: str
    pay_unknown: str
    """Nobody said where to pay. {name}, {number}"""
    to_receive: str
    """{due}"""
    receive_on: str
    """{iban}"""
    receive_unknown: str
    nothing_due: str
    nothing_to_do: str

    balance: str
    consumption: str
    delivery: str
    from_community: str
    from_grid: str
    to_community: str
    to_grid: str
    models: Mapping[Model, str]
    """How the prices treat energy of the community and of the grid."""

    saved: str
    """{amount}"""
    earned: str
    """The same of a house that only delivers. {amount}"""
    lost: str
    """{amount}"""
    even: str
    elsewhere: str
    """Head of the column with the grid operator's amounts."""
    here: str
    compared: Mapping[Model, str]
    """Which energy is compared."""
    besides: str
    """{amount} of fees, VAT and rounding, {gain} after them, not below zero."""
    besides_lost: str
    """The same where it is worse here, by {gain}."""
    co2: str
    """{kg}, {kwh} from the community, {factor} in g/kWh"""
    grid_discount: str
    """{amount}, {percent} of {price} in {unit}, {kwh} from the community"""

    registers: str
    at: str
    """{date}: the midnight at which that day begins."""
    difference: str
    meter_changed: str
    """{date}, {final}, {first}"""
    import_register: str
    export_register: str

    sessions: str
    further_sessions: str
    """{count}"""
    quality: str
    shares: str
    """{shares}, {count}"""
    qualities: Mapping[Quality, str]

    affected: str
    """{count}"""
    findings: Mapping[FindingCode, str]

    page: str
    """{page}, {pages}"""
