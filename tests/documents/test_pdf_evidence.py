"""An invoice as PDF: where its numbers come from, and that they add up."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.leg_invoicing.billing.calendar import Span
from custom_components.leg_invoicing.billing.energy import Energy
from custom_components.leg_invoicing.billing.findings import Finding, FindingCode
from custom_components.leg_invoicing.billing.invoices import (
    RegisterChange,
    RegisterReadings,
)
from custom_components.leg_invoicing.billing.models import CHARGES, CREDITS, LineKind
from custom_components.leg_invoicing.billing.money import Money, UnitPrice
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.billing.statements import Line
from custom_components.leg_invoicing.documents.pdf import render_pdf
from custom_components.leg_invoicing.documents.texts import TEXTS

from .months import addressed, in_english, invoice, with_findings
from .reading import amount, lines

JANUARY = "1-2026-01-01"


def test_balance() -> None:
    """The picture's parts add up to what was used and delivered, in kWh and per cent."""
    printed = lines(in_english(invoice(exported=(20_000, 45_037))))
    assert "Used 119.0 kWh" in printed
    assert (
        "from the community 110.6 kWh · 92.9% from the grid 8.4 kWh · 7.1%" in printed
    )
    assert "Delivered 59.5 kWh" in printed
    assert "to the community 59.5 kWh · 100% to the grid 0.0 kWh · 0%" in printed


def test_registers() -> None:
    """The registers stand there at both midnights, with their difference."""
    registers = RegisterReadings(
        import_start=Energy(4_213_507_000),
        import_end=Energy(4_332_550_000),
        export_end=Energy(1_000),
    )
    printed = lines(in_english(invoice(registers={JANUARY: registers})))
    head = printed.index("Meter readings, kWh")
    assert printed[head + 1 : head + 4] == [
        "1 Jan 2026, 00:00 1 Feb 2026, 00:00 Difference",
        "Use 4’213.507 4’332.550 119.043",
        "Delivery – 0.001 –",
    ]


def test_registers_behind_transformers() -> None:
    """The meter's own readings stand there, and what they are multiplied by."""
    registers = RegisterReadings(
        import_start=Energy(400 * 10**6),
        import_end=Energy(600 * 10**6),
        constant=Decimal(40),
    )

    printed = lines(in_english(invoice(registers={JANUARY: registers})))

    assert any("× 40" in line for line in printed)
    joined = " ".join(printed)
    assert "10.000" in joined
    assert "15.000" in joined
    assert "200.000" in joined


def test_changed_meter() -> None:
    """Where a meter was changed, both readings stand there; the energy is of both."""
    registers = RegisterReadings(
        import_start=Energy(1000 * 10**6),
        import_end=Energy(50 * 10**6),
        changes=(
            RegisterChange(
                register="import",
                at=1_768_900_000,
                final=Energy(1100 * 10**6),
                first=Energy(0),
            ),
        ),
    )

    printed = " ".join(lines(in_english(invoice(registers={JANUARY: registers}))))

    assert "Meter changed on 20 Jan 2026" in printed
    assert "the old reading was 1’100.000, the new one 0.000" in printed
    assert "150.000" in printed


def test_register_mismatch() -> None:
    """What was counted, and what the meter counted, are both named."""
    finding = Finding(
        code=FindingCode.REGISTER_MISMATCH,
        house_id="house_1",
        details={"counted_kwh": "297.6", "advanced_kwh": "295", "register": "import"},
    )

    printed = " ".join(lines(render_pdf(with_findings(invoice(), finding))))

    assert "297.600 kWh" in printed
    assert "295.000 kWh" in printed


def test_price_above_the_ceiling() -> None:
    """What is charged, what is allowed, and the difference stand there as amounts."""
    finding = Finding(
        code=FindingCode.PRICE_ABOVE_CEILING,
        house_id="house_1",
        details={
            "percent": "80",
            "charged_ct": "9000",
            "allowed_ct": "8280",
            "difference_ct": "720",
        },
    )

    printed = " ".join(lines(in_english(with_findings(invoice(), finding))))

    assert "CHF 90.00 are charged for the energy of these days" in printed
    assert "allows CHF 82.80: 80 % of the standard product’s price" in printed
    assert "The difference is CHF 7.20." in printed


def test_unknown_registers() -> None:
    """Where no register is known, none is shown."""
    assert "Meter readings, kWh" not in lines(in_english(invoice()))


@pytest.mark.parametrize(
    ("intervals", "sentence"),
    [
        (
            {Quality.MEASURED: 2976},
            "100% measured (2’976); 2’976 metering intervals in all",
        ),
        (
            {Quality.MEASURED: 2923, Quality.INTERPOLATED: 53},
            "98.3% measured (2’923), 1.7% interpolated (53); 2’976 metering intervals in all",
        ),
        (
            {Quality.MEASURED: 35_039, Quality.MISSING: 1},
            "99.9% measured (35’039), 0.1% missing (1); 35’040 metering intervals in all",
        ),
        (
            {Quality.MEASURED: 1, Quality.MANUAL: 1, Quality.ESTIMATED: 1},
            "33.4% measured (1), 33.3% entered by hand (1), 33.3% estimated (1); 3 metering intervals in all",
        ),
    ],
)
def test_quality(intervals: dict[Quality, int], sentence: str) -> None:
    """Shares of qualities add up to the whole, and the smallest is not hidden."""
    one = invoice()
    one = replace(one, statement=replace(one.statement, intervals=intervals))
    assert sentence in lines(in_english(one))


def test_findings_of_the_settlement() -> None:
    """A gap in the data is told with its time, extent and energy."""
    printed = " ".join(lines(render_pdf(invoice(gap=53))))
    assert (
        "1. Jan. 2026, 00:00 – 13:15: Zwischen zwei Zählerständen fehlen Werte."
        in printed
    )
    assert "(Betroffene Intervalle: 53; 2.120 kWh)" in printed


@pytest.mark.parametrize("language", TEXTS)
def test_every_finding_has_its_sentence(language: str) -> None:
    """Whatever was found is told in the reader's language, with or without a time."""
    bare = [Finding(code=code, house_id="house_1") for code in FindingCode]
    full = [
        replace(f, span=Span(0, 900), intervals=1, energy=Energy(10**6)) for f in bare
    ]
    one = with_findings(addressed(invoice(), language=language), *bare, *full)
    printed = " ".join(lines(render_pdf(one)))
    for sentence in TEXTS[language].findings.values():
        unknown = sentence.format_map(defaultdict(lambda: "–"))
        assert printed.count(unknown) == 2


# Printed lines add up


@st.composite
def lines_of(draw: st.DrawFn) -> tuple[Line, ...]:
    """Draw lines of any energy and price."""
    drawn = []
    for kind in draw(
        st.lists(st.sampled_from(sorted(CHARGES | CREDITS)), min_size=1, max_size=12)
    ):
        quantity = Energy(draw(st.integers(1, 10**13)))
        price = Money(draw(st.decimals(-999, 999, places=draw(st.integers(0, 4)))))
        charge = quantity * UnitPrice(price.ct)
        drawn.append(
            Line(
                kind=kind,
                first=date(2026, 1, 1),
                end=date(2026, 2, 1),
                quantity=quantity.kwh,
                unit_price=price,
                exact=charge
                if kind in (LineKind.IMPORT, LineKind.GRID_IMPORT)
                else -charge,
            )
        )
    return tuple(drawn)


@settings(max_examples=40)
@given(lines_of(), st.sampled_from(sorted(TEXTS)))
def test_printed_lines_add_up(drawn: tuple[Line, ...], language: str) -> None:
    """The amounts as printed add up to the total as printed, in every language."""
    one = addressed(invoice(), language=language)
    one = replace(one, statement=replace(one.statement, lines=drawn))
    printed = lines(render_pdf(one))
    titles = tuple(TEXTS[language].lines.values())
    amounts = [amount(text) for text in printed if text.startswith(titles)]
    total = next(t for t in printed if t.startswith(TEXTS[language].total))

    assert len(amounts) == len(drawn)
    assert sum(amounts) == amount(total.removesuffix(" CHF"))
    assert sum(amounts) == one.statement.total.units
