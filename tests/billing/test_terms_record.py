"""Terms as a person writes them down, and what is refused."""

from collections.abc import Callable
import copy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from custom_components.leg_invoicing.billing.agreements import Agreement, Party
from custom_components.leg_invoicing.billing.allocation import AllocationKey
from custom_components.leg_invoicing.billing.models import Model
from custom_components.leg_invoicing.billing.sharing_versions import SharingVersion
from custom_components.leg_invoicing.billing.terms import (
    Community,
    GapPolicy,
    GapRule,
    GapShape,
)
from custom_components.leg_invoicing.billing.terms_record import terms_from_record
from custom_components.leg_invoicing.billing.vat import Vat, VatMode
from custom_components.leg_invoicing.billing.written import TermsError
from tests.billing.build import ct

_PRICES = {"p_pv": "20", "p_con": "25", "p_grid_del": "6", "p_grid_con": "30"}


def _record() -> dict[str, Any]:
    return {
        "community": {"timezone": "Europe/Zurich"},
        "tariffs": {"standard": [{"valid_from": "2026-01-01", **_PRICES}]},
        "agreements": [
            {
                "house": "house_1",
                "participant": "Anna Muster",
                "tariff": "standard",
                "from": "2026-01-01",
            }
        ],
    }


def test_the_least_that_must_be_said() -> None:
    """Everything else has a default."""
    terms = terms_from_record(_record())

    assert terms.community == Community(
        timezone="Europe/Zurich",
        currency="CHF",
        model=Model.POOL,
        sharing=(SharingVersion(allocation=AllocationKey.PROPORTIONAL),),
        interval_minutes=15,
        gaps=GapRule(
            policy=GapPolicy.INTERPOLATE, limit_minutes=1440, shape=GapShape.LINEAR
        ),
        grid_tariff="standard",
    )
    assert terms.agreements == (
        Agreement(
            house_id="house_1",
            participant=Party(name="Anna Muster"),
            tariff_id="standard",
            first=date(2026, 1, 1),
        ),
    )
    (version,) = terms.tariffs["standard"].versions
    assert version.valid_from == date(2026, 1, 1)
    assert [
        price.at(None).ct_per_kwh
        for price in (
            version.p_pv,
            version.p_con,
            version.p_grid_del,
            version.p_grid_con,
        )
    ] == [20, 25, 6, 30]


def test_all_that_can_be_said() -> None:
    """Every setting reaches its place."""
    record = _record()
    record["community"] |= {
        "currency": "EUR",
        "model": "local_only",
        "allocation": "hybrid",
        "producers": "priority",
        "weights": {"house_1": "0.40"},
        "order": ["house_1"],
        "sharing": [
            {
                "valid_from": "2026-03-01",
                "allocation": "static",
                "weights": {"house_1": "1"},
            },
            {"valid_from": "2026-02-01", "allocation": "equal", "order": None},
        ],
        "interval": "60",
        "grid_tariff": "night",
        "gaps": {"policy": "measure_only", "limit_hours": "1.5", "shape": "profile"},
        "holidays": ["2026-08-01", "2026-12-25"],
        "rounding": "0.05",
    }
    record["tariffs"]["night"] = [
        {"valid_from": "2026-03-01", **_PRICES, "p_con": "20.10"},
        {"valid_from": "2026-01-01", **_PRICES, "p_con": "-1.5"},
    ]
    record["agreements"][0] |= {
        "to": "2026-02-01",
        "tariff": "night",
        "weight": "0.125",
        "vat": {"mode": "on_top", "rate": "8.1", "number": "CHE-123.456.788 MWST"},
        "participant": {
            "name": " Anna Muster ",
            "address": "Sonnenweg 1\n\n 8000 Zürich\n",
            "email": "anna@example.org",
            "language": "de",
            "iban": "CH93 0076 2011 6238 5295 7",
        },
    }

    terms = terms_from_record(record)

    assert terms.community == Community(
        timezone="Europe/Zurich",
        currency="EUR",
        model=Model.LOCAL_ONLY,
        sharing=(
            SharingVersion(
                allocation=AllocationKey.HYBRID,
                producers=AllocationKey.PRIORITY,
                weights={"house_1": Decimal("0.40")},
                order=("house_1",),
            ),
            SharingVersion(valid_from=date(2026, 2, 1), allocation=AllocationKey.EQUAL),
            SharingVersion(
                valid_from=date(2026, 3, 1),
                allocation=AllocationKey.STATIC,
                weights={"house_1": Decimal(1)},
            ),
        ),
        interval_minutes=60,
        gaps=GapRule(
            policy=GapPolicy.MEASURE_ONLY, limit_minutes=90, shape=GapShape.PROFILE
        ),
        holidays=frozenset({date(2026, 8, 1), date(2026, 12, 25)}),
        rounding=ct("5"),
        grid_tariff="night",
    )
    assert [
        str(version.p_con.at(None).ct_per_kwh)
        for version in terms.tariffs["night"].versions
    ] == ["-1.5", "20.10"]
    assert terms.agreements[0] == Agreement(
        house_id="house_1",
        participant=Party(
            name="Anna Muster",
            address=("Sonnenweg 1", "8000 Zürich"),
            email="anna@example.org",
            language="de",
            iban="CH9300762011623852957",
            vat_number="CHE-123.456.788 MWST",
        ),
        tariff_id="night",
        first=date(2026, 1, 1),
        end=date(2026, 2, 1),
        weight=Decimal("0.125"),
        vat=Vat(mode=VatMode.ON_TOP, rate=Decimal("8.1")),
    )


def test_an_address_may_be_a_list() -> None:
    """Each entry is a line."""
    record = _record()
    record["agreements"][0]["participant"] = {
        "name": "Anna",
        "address": ["Sonnenweg 1", "8000 Zürich"],
    }

    (agreement,) = terms_from_record(record).agreements

    assert agreement.participant.address == ("Sonnenweg 1", "8000 Zürich")


def test_an_optional_value_may_be_left_empty() -> None:
    """`to:` without a date is an agreement without an end."""
    record = _record()
    record["agreements"][0]["to"] = None
    record["community"]["model"] = None

    terms = terms_from_record(record)

    assert terms.agreements[0].end is None
    assert terms.community.model is Model.POOL


def test_a_rule_for_gaps_may_be_said_in_part() -> None:
    """What is left out of it is as by default."""
    record = _record()
    record["community"]["gaps"] = {"limit_hours": "0.5", "shape": None}

    gaps = terms_from_record(record).community.gaps

    assert gaps == GapRule(limit_minutes=30)


def test_nobody_may_have_an_agreement_yet() -> None:
    """An empty list is an answer; an absent one is not."""
    record = _record()
    record["agreements"] = []

    assert terms_from_record(record).agreements == ()


def test_agreements_may_stand_in_any_order() -> None:
    """They are put by house and date."""
    record = _record()
    first = record["agreements"][0]
    record["agreements"] = [
        {**first, "from": "2026-02-01"},
        {**first, "to": "2026-02-01"},
    ]

    assert [date(2026, 1, 1), date(2026, 2, 1)] == [
        agreement.first for agreement in terms_from_record(record).agreements
    ]


def _set(*path: str | int) -> Callable[[dict[str, Any], object], None]:
    def change(record: Any, value: object) -> None:
        for key in path[:-1]:
            record = record[key]
        record[path[-1]] = value

    return change


_COMMUNITY = ("community",)
_VERSION = ("tariffs", "standard", 0)
_GAPS = ("community", "gaps")
_SHARING = ("community", "sharing")
_KEY = {"valid_from": "2026-03-01", "allocation": "hybrid"}
_AGREEMENT = ("agreements", 0)
_VAT = (*_AGREEMENT, "vat")
_PARTICIPANT = (*_AGREEMENT, "participant")


@pytest.mark.parametrize(
    ("path", "value", "at", "reason"),
    [
        (("comunity",), {}, ("comunity",), "did you mean 'community'"),
        (("community",), None, ("community",), "must be a mapping"),
        (("community",), [], ("community",), "must be a mapping"),
        (("community",), {}, ("community",), "timezone is missing in community"),
        ((*_COMMUNITY, "modell"), "pool", None, "did you mean 'model'"),
        ((*_COMMUNITY, "xyz"), "pool", None, "use timezone, currency, model"),
        ((*_COMMUNITY, "timezone"), None, None, "timezone must be a text"),
        ((*_COMMUNITY, "timezone"), " ", None, "timezone must be a text"),
        ((*_COMMUNITY, "timezone"), "Europe/Zürich", None, "such as Europe/Zurich"),
        ((*_COMMUNITY, "timezone"), "Europe", None, "no time zone 'Europe'"),
        ((*_COMMUNITY, "timezone"), "../etc/passwd", None, "no time zone"),
        ((*_COMMUNITY, "currency"), "chf", None, "'chf' is not the code"),
        ((*_COMMUNITY, "currency"), ["CHF"], None, "currency must be a text"),
        ((*_COMMUNITY, "model"), "poool", None, "use pool, split, local_only"),
        ((*_COMMUNITY, "allocation"), "fair", None, "use proportional, static"),
        ((*_COMMUNITY, "weights"), {"house_1": "1"}, None, "add allocation"),
        ((*_COMMUNITY, "order"), ["house_1"], None, "order needs a key beside it"),
        ((*_COMMUNITY, "producers"), "equal", None, "producers needs a key"),
        ((*_COMMUNITY, "weight"), "1", None, "did you mean 'weights'"),
        ((*_COMMUNITY, "sharing"), "equal", None, "sharing must be a list"),
        (_SHARING, ["equal"], (*_SHARING, 0), "entry 1 must be a mapping"),
        (_SHARING, [{}], (*_SHARING, 0), "valid_from is missing in entry 1"),
        (_SHARING, [_KEY | {"x": "1"}], (*_SHARING, 0, "x"), "use valid_from, alloc"),
        (
            _SHARING,
            [_KEY | {"producers": "static"}],
            (*_SHARING, 0, "producers"),
            "use proportional, static_rounds, equal, hybrid, priority",
        ),
        (
            _SHARING,
            [_KEY | {"weights": {"house_2": "0.5"}}],
            (*_SHARING, 0, "weights", "house_2"),
            "no agreement about a house 'house_2'; did you mean 'house_1'",
        ),
        (
            _SHARING,
            [_KEY | {"weights": {"house_1": "40"}}],
            (*_SHARING, 0, "weights", "house_1"),
            "house_1 must be 0 to 1; write 40 % as 0.4",
        ),
        (
            _SHARING,
            [_KEY | {"weights": {"house_1": "-0.1"}}],
            (*_SHARING, 0, "weights", "house_1"),
            "must be 0 to 1",
        ),
        (
            _SHARING,
            [_KEY | {"weights": {"house_1": "0,4"}}],
            (*_SHARING, 0, "weights", "house_1"),
            "such as 0.125",
        ),
        (
            _SHARING,
            [_KEY | {"weights": ["0.4"]}],
            (*_SHARING, 0, "weights"),
            "weights must be a mapping",
        ),
        (
            _SHARING,
            [_KEY | {"order": ["garage"]}],
            (*_SHARING, 0, "order", 0),
            "no agreement about a house 'garage'; use house_1",
        ),
        (
            _SHARING,
            [_KEY | {"order": ["house_1", "house_1"]}],
            (*_SHARING, 0, "order", 1),
            "stands in the order already",
        ),
        ((*_AGREEMENT, "weight"), "2", None, "weight must be 0 to 1; write 40 %"),
        (_VAT, {"mode": "on_top", "rate": "8.1"}, None, "VAT number of whoever owes"),
        (_VAT, {"mode": "included", "number": "1"}, None, "such as 8.1"),
        (_VAT, {"mode": "no"}, (*_VAT, "mode"), "use none, included, on_top"),
        ((*_COMMUNITY, "interval"), "10", None, "use 5, 15, 30, 60"),
        ((*_COMMUNITY, "interval"), "15.0", None, "cannot be '15.0'"),
        (_GAPS, "linear", None, "gaps must be a mapping"),
        (_GAPS, {"limit": "1"}, (*_GAPS, "limit"), "did you mean 'limit_hours'"),
        (_GAPS, {"policy": "x"}, (*_GAPS, "policy"), "use measure_only, interpolate"),
        (_GAPS, {"shape": "x"}, (*_GAPS, "shape"), "use linear, profile"),
        (_GAPS, {"limit_hours": "1,5"}, (*_GAPS, "limit_hours"), "such as 0.125"),
        (_GAPS, {"limit_hours": "0"}, (*_GAPS, "limit_hours"), "policy: measure_only"),
        (_GAPS, {"limit_hours": "-1"}, (*_GAPS, "limit_hours"), "a minute or more"),
        ((*_COMMUNITY, "grid_tariff"), "standrd", None, "did you mean 'standard'"),
        (("tariffs",), {}, None, "at least one tariff"),
        (("tariffs",), [], None, "tariffs must be a mapping"),
        (("tariffs", "standard"), {}, None, "standard must be a list"),
        (("tariffs", "standard"), [], None, "'standard' has no prices"),
        (_VERSION, "20", None, "entry 1 must be a mapping"),
        (_VERSION, {"valid_from": "2026-01-01"}, None, "p_pv is missing in entry 1"),
        ((*_VERSION, "p_conn"), "25", None, "did you mean 'p_con'"),
        ((*_VERSION, "p_con"), "25,5", None, "p_con: '25,5' is not a finite number"),
        ((*_VERSION, "p_con"), "nan", None, "not a finite number"),
        ((*_VERSION, "p_con"), None, None, "p_con must be a number, such as 20.5"),
        ((*_VERSION, "p_con"), 25.5, None, "p_con must be a number"),
        ((*_VERSION, "valid_from"), "1.1.2026", None, "written like 2026-01-31"),
        ((*_VERSION, "valid_from"), "2026-02-30", None, "written like 2026-01-31"),
        (("agreements",), {}, None, "agreements must be a list"),
        (("agreements",), None, None, "agreements must be a list"),
        (_AGREEMENT, "Anna", None, "entry 1 must be a mapping"),
        ((*_AGREEMENT, "house"), None, None, "house must be a text"),
        ((*_AGREEMENT, "tariff"), "standart", None, "did you mean 'standard'"),
        ((*_AGREEMENT, "tariff"), "xyz", None, "no tariff 'xyz'; use standard"),
        ((*_AGREEMENT, "until"), "2026-02-01", None, "use house, participant"),
        (
            (*_AGREEMENT, "to"),
            "2025-12-31",
            None,
            "it ends before it begins; correct from or to",
        ),
        ((*_AGREEMENT, "to"), "2026-01-01", None, "it ends before it begins"),
        (
            (*_AGREEMENT, "language"),
            "de",
            None,
            "language is the participant's; write participant: {name: …, language: …}",
        ),
        ((*_AGREEMENT, "email"), "a@b.ch", None, "email is the participant's; write"),
        (_PARTICIPANT, [], None, "participant must be a mapping"),
        (_PARTICIPANT, {}, None, "name is missing in participant"),
        (_PARTICIPANT, "  ", None, "participant must be a text"),
        (
            _PARTICIPANT,
            {"name": "A", "language": "rm"},
            (*_PARTICIPANT, "language"),
            "use en, de, fr, it",
        ),
        (
            _PARTICIPANT,
            {"name": "A", "iban": "CH9300762011623852958"},
            (*_PARTICIPANT, "iban"),
            "check digits",
        ),
        (
            _PARTICIPANT,
            {"name": "A", "address": [None]},
            (*_PARTICIPANT, "address", 0),
            "entry 1 must be a text",
        ),
    ],
)
def test_what_is_not_understood_is_refused(
    path: tuple[str | int, ...],
    value: object,
    at: tuple[str | int, ...] | None,
    reason: str,
) -> None:
    """The error says where and what to do; nothing is ignored in silence."""
    record = copy.deepcopy(_record())
    _set(*path)(record, value)

    with pytest.raises(TermsError) as raised:
        terms_from_record(record)

    assert raised.value.path == (path if at is None else at)
    assert reason in str(raised.value.reason)
    assert str(raised.value).endswith(str(raised.value.reason))


@pytest.mark.parametrize("part", ["community", "tariffs", "agreements"])
def test_a_part_that_is_absent_is_missed(part: str) -> None:
    """All three parts must be there."""
    record = _record()
    del record[part]

    with pytest.raises(TermsError, match=f"{part} is missing in the whole"):
        terms_from_record(record)


def test_two_versions_on_one_day_are_refused() -> None:
    """The second one is named."""
    record = _record()
    record["tariffs"]["standard"] *= 2

    with pytest.raises(TermsError, match="two versions from 2026-01-01") as raised:
        terms_from_record(record)

    assert raised.value.path == ("tariffs", "standard", 1, "valid_from")


def test_two_occupants_at_once_are_refused() -> None:
    """The later agreement is named, wherever it stands in the list."""
    record = _record()
    first = record["agreements"][0]
    record["agreements"] = [
        {**first, "house": "house_0"},
        {**first, "participant": "Beat", "from": "2026-01-15"},
        first,
    ]

    with pytest.raises(TermsError, match="Anna Muster still has the house") as raised:
        terms_from_record(record)

    assert raised.value.path == ("agreements", 1, "from")


def test_prices_keep_what_was_typed() -> None:
    """No binary fraction comes between the text and the price."""
    record = _record()
    record["tariffs"]["standard"][0]["p_con"] = "0.1000000000000000055511151231"

    (version,) = terms_from_record(record).tariffs["standard"].versions

    assert version.p_con.at(None).ct_per_kwh == Decimal(
        "0.1000000000000000055511151231"
    )


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"rounding": "0.001"}, "smallest unit of CHF is 0.01; write a multiple"),
        ({"rounding": "0.5", "currency": "JPY"}, "smallest unit of JPY is 1;"),
        ({"rounding": "-0.05"}, "the smallest coin that there is, such as 0.05"),
        ({"currency": "CHE"}, "not the code of a currency as in ISO 4217"),
        ({"holidays": "CH"}, "or a country's, such as {country: CH}"),
        ({"holidays": ["1 August"]}, "must be a date, written like 2026-01-31"),
    ],
)
def test_no_coin_and_no_day(setting: dict[str, Any], message: str) -> None:
    """What totals cannot be rounded to, and what is no date, is refused."""
    record = _record()
    record["community"] |= setting

    with pytest.raises(TermsError, match=message):
        terms_from_record(record)


def test_two_keys_on_one_day_are_refused() -> None:
    """The second one is named, also where it is meant to count since ever."""
    record = _record()
    record["community"]["sharing"] = [_KEY, _KEY]
    with pytest.raises(TermsError, match="two keys count from 2026-03-01") as raised:
        terms_from_record(record)
    assert raised.value.path == ("community", "sharing", 1, "valid_from")

    always = {"valid_from": "0001-01-01", "allocation": "equal"}
    record["community"]["sharing"] = [always]
    assert terms_from_record(record).community.sharing == (
        SharingVersion(allocation=AllocationKey.EQUAL),
    )
    record["community"]["allocation"] = "hybrid"
    with pytest.raises(TermsError, match="two keys count from 0001-01-01"):
        terms_from_record(record)


def test_weights_are_of_houses_that_there_are() -> None:
    """Where nobody has an agreement, no house can be named."""
    record = _record()
    record["agreements"] = []
    record["community"] |= {"allocation": "static", "weights": {"house_1": "1"}}

    with pytest.raises(TermsError, match="there are no agreements"):
        terms_from_record(record)


def test_weights_are_one_at_most_on_every_day() -> None:
    """The first day on which they are more is named, and the version that says so."""
    record = _record()
    first = record["agreements"][0]
    record["agreements"] = [
        {**first, "to": "2026-05-01", "weight": "0.3"},
        {**first, "from": "2026-05-01"},
        {**first, "house": "house_2"},
    ]
    halves = {"house_1": "0.6", "house_2": "0.6"}
    record["community"] |= {"allocation": "static", "weights": halves}
    with pytest.raises(TermsError, match=r"add up to 1\.2; they may be 1") as raised:
        terms_from_record(record)
    assert raised.value.path == ("community", "weights")

    record["community"]["weights"] = {"house_2": "0.4"}
    record["community"]["sharing"] = [{**_KEY, "weights": halves}]
    with pytest.raises(TermsError, match=r"1\.2 from 2026-05-01 on") as raised:
        terms_from_record(record)
    assert raised.value.path == ("community", "sharing", 0, "weights")
