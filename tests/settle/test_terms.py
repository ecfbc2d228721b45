"""What terms may say about gaps and sharing, and terms that are read back."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from custom_components.leg_invoicing.billing.agreements import Agreement, Party
from custom_components.leg_invoicing.billing.allocation import AllocationKey
from custom_components.leg_invoicing.billing.sharing_versions import SharingVersion
from custom_components.leg_invoicing.documents.terms_yaml import terms_yaml
from script.settle_lib.terms_file import TermsFile
from tests.billing.build import agreement, sharing, terms

from .desk import HEADER, Desk, changed

_ROOT = Path(__file__).resolve().parent.parent.parent


def test_a_house_that_nobody_measured_blocks_by_name(desk: Desk) -> None:
    """A house with an agreement and not one row is a finding, and costs nothing."""
    desk.write(
        "rows.csv",
        f"{HEADER}\nhouse_1,2026-01-01T00:00Z,0.5,0,",
    )

    answer = desk.settled()

    (finding,) = (f for f in answer["findings"] if f["house_id"] == "house_2")
    assert (finding["key"], finding["blocking"]) == ("missing_data:house_2", True)
    _, beat = answer["statements"]
    assert (beat["house_id"], beat["lines"]) == ("house_2", [])
    assert beat["interval_shares_percent"] == {"missing": 100}


def test_the_rule_for_gaps_is_part_of_the_terms(desk: Desk) -> None:
    """A gap beyond the limit that the file names is found, with its length."""
    rule = "gaps: {limit_hours: 0.5}, timezone:"
    desk.write("terms.yaml", changed("timezone:", rule))
    desk.write(
        "rows.csv",
        "\n".join(
            (
                HEADER,
                *(
                    f"house_1,2026-01-01T00:{minute}Z,0.5,0,interpolated"
                    for minute in ("00", "15", "30")
                ),
            )
        ),
    )

    findings = {finding["key"]: finding for finding in desk.settled()["findings"]}

    details = findings["gap_too_long:house_1"]["details"]
    assert details == {"longest_hours": "0.75", "limit_hours": "0.5"}


_SHARED = """\
community: {timezone: Europe/Zurich, currency: CHF, model: split, interval: 15, %s}
tariffs:
  standard:
    - {valid_from: 2026-01-01, p_pv: 20, p_con: 25, p_grid_del: 6, p_grid_con: 30}
agreements:
  - {house: house_1, participant: Ada, tariff: standard, from: 2026-01-01}
  - {house: house_2, participant: Beat, tariff: standard, from: 2026-01-01}
  - {house: house_3, participant: Carla, tariff: standard, from: 2026-01-01}
  - {house: house_4, participant: Dario, tariff: standard, from: 2026-01-01%s}
  - {house: house_5, participant: Eva, tariff: standard, from: 2026-01-01}
"""


_QUARTERS = (1, 2, 4, 8)


def _shared_rows() -> str:
    """Return 10 kWh for needs of 1, 2, 4 and 8, in January and in February."""
    rows = [
        f"house_{n},2026-0{month}-01T12:00Z,{need},{made},"
        for month in (1, 2)
        for n, need, made in (
            *((n, need, 0) for n, need in enumerate(_QUARTERS, start=1)),
            (5, 0, 10),
        )
    ]
    return "\n".join((HEADER, *rows))


def _bought(answer: dict[str, Any]) -> list[str]:
    *consumers, producer = answer["statements"]
    bought = [statement["local_import_kwh"] for statement in consumers]
    assert sum(bought) == producer["local_export_kwh"]
    return [f"{Decimal(kwh).normalize():f}" for kwh in bought]


def test_a_hybrid_key_is_settled(desk: Desk) -> None:
    """A quarter each, and what is left in proportion to the rest of the need."""
    quarter = ", ".join(f"house_{n}: 0.25" for n in (1, 2, 3, 4))
    key = f"allocation: hybrid, weights: {{{quarter}}}, order: [house_2, house_1]"
    desk.write("terms.yaml", _SHARED % (key, ""))
    desk.write("rows.csv", _shared_rows())

    answer = desk.settled()

    assert _bought(answer) == ["1", "2", "2.928571", "4.071429"]
    lines = {
        line["kind"]: (str(line["quantity"]), str(line["amount_ct"]))
        for line in answer["statements"][3]["lines"]
    }
    assert lines == {
        "local_import": ("4.071429", "102"),
        "grid_import": ("3.928571", "118"),
    }
    assert answer["community"]["shared_kwh"] == 10


def test_another_key_counts_from_its_day(desk: Desk) -> None:
    """The one that counts is that of the day; an occupant's weight goes before."""
    key = (
        "allocation: equal, sharing: [{valid_from: 2026-02-01, allocation: static, "
        "weights: {house_3: 0.25, house_4: 0.5}}]"
    )
    desk.write("terms.yaml", _SHARED % (key, ", weight: 0.3"))
    desk.write("rows.csv", _shared_rows())

    assert _bought(desk.settled()) == ["1", "2", "3.5", "3.5"]
    february = desk.settled(period="2026-02")
    assert _bought(february) == ["0", "0", "2.5", "3"]
    assert february["community"]["grid_export_kwh"] == Decimal("4.5")


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("allocation: hybrids", "allocation cannot be 'hybrids'; use proportional,"),
        ("allocation: static, weight: {}", "did you mean 'weights'?"),
        (
            "allocation: static, weights: {house_6: 1}",
            "there is no agreement about a house 'house_6'; did you mean 'house_",
        ),
        (
            "allocation: static, weights: {house_1: 0.7, house_2: 0.7}",
            "the weights add up to 1.4; they may be 1 at most, write 40 % as 0.4",
        ),
    ],
)
def test_a_key_that_is_not_understood(desk: Desk, key: str, reason: str) -> None:
    """What is wrong is named, and the remedy."""
    desk.write("terms.yaml", _SHARED % (key, ""))

    message = desk.refused()

    assert "terms.yaml, line 1: " in message
    assert reason in message


def test_sharing_survives_its_file(desk: Desk) -> None:
    """What the integration writes of keys, weights and orders is read back."""
    weights = {"no": Decimal("0.40"), "house_2": Decimal("1e-9")}
    community = sharing(
        terms(agreement("no"), replace(agreement("house_2"), weight=Decimal("0.5"))),
        SharingVersion(allocation=AllocationKey.STATIC, weights=weights),
        SharingVersion(
            valid_from=date(2026, 2, 1),
            allocation=AllocationKey.PRIORITY,
            producers=AllocationKey.EQUAL,
            order=("no", "house_2"),
        ),
    )
    desk.write("terms.yaml", terms_yaml(community))

    read = TermsFile(desk.folder / "terms.yaml").terms

    assert read.community.sharing == community.community.sharing
    assert [a.weight for a in read.agreements] == [Decimal("0.5"), None]
    assert terms_yaml(read) == terms_yaml(community)


def test_terms_survive_their_file(desk: Desk) -> None:
    """What the integration writes as YAML says what was agreed."""
    odd = Party(name='O\'Neil: "Ä" #1 \\ 🌞')
    community = terms(
        Agreement(
            house_id="no",
            participant=odd,
            tariff_id="standard",
            first=agreement("no").first,
        )
    )
    desk.write("terms.yaml", terms_yaml(community))
    desk.write("rows.csv", HEADER)

    (statement,) = desk.settled()["statements"]

    assert (statement["house_id"], statement["participant"]) == ("no", odd.name)


def test_the_example_in_the_documentation(desk: Desk) -> None:
    """What the page shows is what the command it shows makes of its files."""
    page = (_ROOT / "docs/how-settlement-works.md").read_text(encoding="utf-8")
    blocks = {
        block.partition("\n")[0]: block.partition("\n")[2]
        for block in reversed(page.split("```")[1::2])  # the first of its kind counts
    }
    desk.write("terms.yaml", blocks["yaml"])
    desk.write("rows.csv", blocks["csv"])
    assert "--period 2026-06-01..2026-06-02" in blocks["bash"]

    answer = desk.settled(period="2026-06-01..2026-06-02")

    for line in answer["statements"][0]["lines"]:
        row = "| {} | {} | {} | {} | {} |".format(
            line["kind"].replace("_", " "),
            *(
                f"{line[name]}".replace("-", "\u2212")
                for name in ("quantity", "unit_price_ct", "exact_ct", "amount_ct")
            ),
        )
        assert row in page
    assert len(answer["findings"]) == 3
    for record in (answer["statements"][0], answer["community"]):
        for field in record:
            assert f"`{field}`" in page.replace("[]`", "`")
