"""English."""

from types import MappingProxyType

from ...billing.explanations import Remark
from ...billing.findings import FindingCode
from ...billing.models import LineKind, Model
from ...billing.quality import Quality
from ...billing.statements import Unit
from .model import Texts

EN = Texts(
    invoice="Invoice",
    credit="Credit",
    number="Number",
    issued="Date",
    due="Due",
    settled="Settled days",
    period="Part of the period",
    house="House",
    vacancy="Nobody had the house on these days. They are billed to its owner.",
    description="Description",
    days="Days",
    quantity="kWh",
    price="{unit}/kWh",
    amount="{currency}",
    lines=MappingProxyType(
        {
            LineKind.IMPORT: "Electricity used",
            LineKind.EXPORT: "Electricity delivered",
            LineKind.LOCAL_IMPORT: "Bought from the community",
            LineKind.GRID_IMPORT: "Bought from the grid",
            LineKind.LOCAL_EXPORT: "Sold to the community",
            LineKind.GRID_EXPORT: "Sold to the grid",
            LineKind.FEE: "Fee",
            LineKind.DISCOUNT: "Discount",
            LineKind.VAT: "VAT",
            LineKind.SUPPLIER_VAT: "VAT of the house",
            LineKind.ROUNDING: "Rounding",
        }
    ),
    prices=MappingProxyType(
        {
            "p_pv": "solar price",
            "p_con": "community price",
            "p_grid_del": "feed-in price",
            "p_grid_con": "grid price",
            "p_standard": "standard product",
        }
    ),
    percent_of_price="{percent} % of {price} ({of})",
    charged=MappingProxyType(
        {
            "energy": "energy",
            "fees": "fees",
            "all": "energy and fees",
        }
    ),
    tier_first="up to {to} kWh",
    tier_between="{above} to {to} kWh",
    tier_last="above {above} kWh",
    tier_of="{tier}, of {kwh}",
    fee_units=MappingProxyType(
        {Unit.MONTH: "{amount} a month", Unit.YEAR: "{amount} a year"}
    ),
    vat_on_top="VAT {rate} % on {amount}",
    vat_included="VAT {rate} % included: {amount}",
    without_vat="without VAT: {amount}",
    vat_none="No VAT: {reason}",
    supplier_vat_on_top="Your VAT {rate} % on {amount}",
    supplier_vat_included="Your VAT {rate} % included in what you delivered: {amount}",
    supplier_vat_none="No VAT on what you delivered: {reason}",
    self_billing="For what you delivered, this document is a credit note that we issue in your name (self-billing). You owe the VAT in it; your VAT number: {number}",
    vat_number="VAT number of {name}: {number}",
    of_line="line {lines}",
    of_lines="lines {lines}",
    unrounded="{lines}, before rounding",
    nearest="the nearest multiple of {coin}",
    other_houses="{amount} of other houses on the invoice",
    sum_of_intervals="Each interval at its own price (intervals: {count}), in sum: {quantity}, {average} {unit}",
    remarks=MappingProxyType(
        {
            Remark.MEASUREMENTS_CHANGED: "Measurements have changed since; the intervals are those that stand now."
        }
    ),
    no_lines="No energy to bill in these days",
    subtotal="Subtotal",
    total="Total",
    cents=MappingProxyType({"CHF": "Rp.", "EUR": "ct", "GBP": "p", "USD": "¢"}),
    to_pay="To pay by {due}",
    account="Account",
    payee="Payee",
    reference="Reference",
    pay_unknown="Please ask {name} for the account to pay into, and give the reference {number}.",
    to_receive="You receive by {due}",
    receive_on="We will pay the amount into your account {iban}.",
    receive_unknown="We do not know your account yet: please tell your treasurer your IBAN.",
    nothing_due="Nothing to pay",
    nothing_to_do="Charges and credits cancel out. There is nothing for you to do.",
    balance="Your energy",
    consumption="Used",
    delivery="Delivered",
    from_community="from the community",
    from_grid="from the grid",
    to_community="to the community",
    to_grid="to the grid",
    models=MappingProxyType(
        {
            Model.POOL: "Energy from the community and from the grid costs the same; so does energy you deliver to either.",
            Model.SPLIT: "Each interval’s local production is shared among the houses by the rule they agreed on; the rest comes from the grid.",
            Model.LOCAL_ONLY: "Each interval’s local production is shared among the houses by the rule they agreed on. Your utility settles energy from and to the grid with you directly.",
            Model.BREAK_EVEN: "Electricity prices are found anew for each metering interval, so that the community neither gains nor loses. The prices above are averages.",
        }
    ),
    saved="You saved {amount} against the grid operator’s prices",
    earned="You earned {amount} more than at the grid operator’s prices",
    lost="You did {amount} worse than at the grid operator’s prices",
    even="You did as well as at the grid operator’s prices",
    elsewhere="Grid operator",
    here="Here",
    compared=MappingProxyType(
        {
            Model.POOL: "Compared is all electricity that you used and delivered.",
            Model.SPLIT: "Compared is all electricity that you used and delivered.",
            Model.LOCAL_ONLY: "Compared is only the electricity from and to the community. The rest is on your utility’s own bill, with or without a community.",
            Model.BREAK_EVEN: "Compared is all electricity that you used and delivered, at the prices of each metering interval.",
        }
    ),
    besides="Fees, discounts and rounding come to {amount}; with them, you are {gain} better off here. VAT that is added to prices is not compared.",
    besides_lost="Fees, discounts and rounding come to {amount}; with them, you are {gain} worse off here. VAT that is added to prices is not compared.",
    co2="CO₂ avoided: {kg}, for {kwh} from the community at {factor} g/kWh.",
    grid_discount="The grid operator takes {amount} off its own bill: {percent} % of its fee of {price} {unit}/kWh, for {kwh} from the community. It is not part of this document.",
    registers="Meter readings, kWh",
    at="{date}, 00:00",
    difference="Difference",
    meter_changed="Meter changed on {date}: the old reading was {final}, the new one {first}.",
    import_register="Use",
    export_register="Delivery",
    sessions="Charging sessions",
    further_sessions="{count} further sessions",
    quality="Data quality",
    shares="{shares}; {count} metering intervals in all",
    qualities=MappingProxyType(
        {
            Quality.MEASURED: "measured",
            Quality.SUBSTITUTED: "substituted by the grid operator",
            Quality.MANUAL: "entered by hand",
            Quality.INTERPOLATED: "interpolated",
            Quality.ESTIMATED: "estimated",
            Quality.TEMPORARY: "provisional",
            Quality.MISSING: "missing",
        }
    ),
    affected="Intervals affected: {count}",
    findings=MappingProxyType(
        {
            FindingCode.MISSING_DATA: "The meter’s values are missing. Energy of this time is not included here.",
            FindingCode.TEMPORARY_DATA: "There are only provisional values so far. Energy of this time is not included here.",
            FindingCode.NO_AGREEMENT: "Energy flowed while nobody had an agreement for the house. It is not included here.",
            FindingCode.NO_TARIFF: "Your tariff had no prices yet. Energy of this time is not billed here.",
            FindingCode.PRICE_MISSING: "For a part of the energy the price was not known: the value that it follows was missing. That energy is not on this invoice.",
            FindingCode.INTERPOLATED_DATA: "There are no values between two meter readings. Their difference is exact; how it is spread over the intervals is interpolated.",
            FindingCode.ALLOCATION_DIFFERS: "The grid operator’s allocation between the community and the grid differs from our own.",
            FindingCode.ALLOCATION_MISSING: "The grid operator’s allocation was not there. The energy was shared by our own.",
            FindingCode.REGISTER_MISMATCH: "The intervals add up to {counted_kwh} kWh, but the meter counted {advanced_kwh} kWh.",
            FindingCode.GAP_TOO_LONG: "There are no values between two meter readings for longer than the community fills by calculation. It was decided to bill the calculated values.",
            FindingCode.REGISTER_DROPPED: "The meter’s register fell and stayed low: the meter was reset or replaced, or has a fault.",
            FindingCode.IMPLAUSIBLE_READING: "A meter reading was further away than the connection can carry. It was not used.",
            FindingCode.METER_MISSING: "The meter is no longer connected to the community’s system.",
            FindingCode.METER_UNAVAILABLE: "The meter could not be reached.",
            FindingCode.UNKNOWN_UNIT: "The meter sent values in an unknown unit. They were not used.",
            FindingCode.METER_NEGATIVE: "A meter that is computed from others came to less than nothing. It was billed as nothing.",
            FindingCode.UNKNOWN_USER: "Somebody charged whom the charger does not know. The energy was billed to the charger’s own house.",
            FindingCode.GRID_DIFFERS: "The meter at the grid and those of the houses do not agree.",
            FindingCode.COMPARISON_MISSING: "For a part of the energy nobody knows what it would cost or bring elsewhere: the value that this price follows was missing. That energy is billed, and not compared.",
            FindingCode.PRICE_ABOVE_CEILING: "{charged_ct} are charged for the energy of these days. The agreed ceiling allows {allowed_ct}: {percent} % of the standard product’s price for electricity from the community, and that price for billed electricity from the grid. The difference is {difference_ct}.",
            FindingCode.CLOSED_PERIOD_CHANGED: "Measurements have changed since this period was billed. The invoice stays; a correction says what is different.",
        }
    ),
    page="Page {page} of {pages}",
)
