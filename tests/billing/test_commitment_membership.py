"""Moving out, leaving the community, and owning a house."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from functools import partial

import pytest

from custom_components.leg_invoicing.billing.agreements import Owner, Party
from custom_components.leg_invoicing.billing.commitment_changes import (
    with_change_of_occupant,
)
from custom_components.leg_invoicing.billing.commitment_membership import (
    with_end,
    with_leaving,
    with_move_out,
    with_owner,
)
from custom_components.leg_invoicing.billing.commitments import Commitments
from tests.billing.test_commitments import books, closed, refused, spans

_MAY, _JUNE, _JULY = (date(2026, month, 1) for month in (5, 6, 7))
_move_in = partial(with_change_of_occupant, participant=Party(name="Anna"))


def _closed(period: str, first: str) -> AbstractContextManager[object]:
    """Expect a refusal that names the period, and the first day that is open."""
    return refused("ends_in_closed_period", house="house_1", period=period, first=first)


def _moved_in(state: Commitments, first: date) -> Commitments:
    return _move_in(state, "house_1", first, tariff_id="standard")


def test_who_moves_out_leaves_a_house_that_belongs_to_the_community() -> None:
    """The agreement ends, and nobody has said that the house left."""
    state = with_move_out(books(), "house_1", _MAY)

    assert spans(state, "house_1") == [("2026-01-01", "2026-05-01", "House_1")]
    assert state.left == {}


def test_a_move_out_can_be_put_off_or_brought_forward() -> None:
    """As long as nobody was billed for the days in between."""
    state = with_move_out(with_move_out(books(), "house_1", _MAY), "house_1", _JUNE)
    assert spans(state, "house_1") == [("2026-01-01", "2026-06-01", "House_1")]

    state = with_move_out(_moved_in(books(), _JULY), "house_1", _MAY)
    assert spans(state, "house_1") == [
        ("2026-01-01", "2026-05-01", "House_1"),
        ("2026-07-01", None, "Anna"),
    ]


def test_a_house_leaves_and_joins_again() -> None:
    """It is known when it was away, however often."""
    state = with_leaving(books(), "house_1", _MAY)
    assert spans(state, "house_1") == [("2026-01-01", "2026-05-01", "House_1")]
    assert state.left == {"house_1": (_MAY,)}

    state = with_leaving(_moved_in(state, _JUNE), "house_1", _JULY)
    assert spans(state, "house_1")[1] == ("2026-06-01", "2026-07-01", "Anna")
    assert state.left == {"house_1": (_MAY, _JULY)}


def test_a_house_leaves_earlier_than_planned() -> None:
    """Only the earlier day counts; who was going to move in does not."""
    state = with_leaving(_moved_in(books(), _JUNE), "house_1", _JULY)
    state = with_leaving(state, "house_1", _MAY)

    assert spans(state, "house_1") == [("2026-01-01", "2026-05-01", "House_1")]
    assert state.left == {"house_1": (_MAY,)}


def test_a_vacant_house_leaves() -> None:
    """Its owner is billed until then."""
    state = with_leaving(with_move_out(books(), "house_1", _MAY), "house_1", _JULY)

    assert spans(state, "house_1") == [("2026-01-01", "2026-05-01", "House_1")]
    assert state.left == {"house_1": (_JULY,)}


def test_who_moves_in_before_a_house_leaves_has_it_until_then() -> None:
    """Nobody has a house that does not belong to the community."""
    state = with_leaving(with_move_out(books(), "house_1", _MAY), "house_1", _JULY)

    assert spans(_moved_in(state, _JUNE), "house_1")[1] == (
        "2026-06-01",
        "2026-07-01",
        "Anna",
    )


def test_a_house_that_is_removed_before_anybody_had_it_did_not_leave() -> None:
    """It never belonged to the community, and nobody is billed for it as its owner."""
    state = with_owner(books(), "house_1", Owner(party=Party(name="Otto")))
    state = with_end(state, "house_1", date(2026, 1, 1))

    assert (spans(state, "house_1"), state.left, state.owners) == ([], {}, {})


@pytest.mark.parametrize("change", [with_move_out, with_leaving])
def test_nobody_moves_out_of_days_that_were_billed(
    change: Callable[[Commitments, str, date], Commitments],
) -> None:
    """What a closed period used stays; the first day that is open is named."""
    with _closed("2026-01", "2026-02-01"):
        change(books(closed("2026-01")), "house_1", date(2026, 1, 31))

    state = change(books(closed("2026-01")), "house_1", date(2026, 2, 1))
    assert spans(state, "house_1") == [("2026-01-01", "2026-02-01", "House_1")]


def test_a_vacancy_that_was_billed_is_not_given_back() -> None:
    """Who had moved out in a closed period cannot stay longer after all."""
    state = with_move_out(books(closed("2026-01")), "house_1", date(2026, 2, 1))
    billed = books(closed("2026-01"), closed("2026-02"))
    billed = with_end(billed, "house_1", date(2026, 2, 1))

    assert with_move_out(state, "house_1", _MAY).agreements[0].end == _MAY
    with _closed("2026-02", "2026-03-01"):
        with_move_out(billed, "house_1", _MAY)


@pytest.mark.parametrize("change", [with_move_out, with_leaving])
@pytest.mark.parametrize("house_id", ["house_1", "house_9"])
def test_somebody_must_have_the_house_to_move_out_of_it(
    change: Callable[[Commitments, str, date], Commitments], house_id: str
) -> None:
    """Nobody had it before that day."""
    with refused("nobody_moves_out", house=house_id, day="2026-01-01"):
        change(books(), house_id, date(2026, 1, 1))


@pytest.mark.parametrize("change", [with_move_out, with_leaving])
def test_a_house_that_left_is_gone(
    change: Callable[[Commitments, str, date], Commitments],
) -> None:
    """It cannot leave again, nor be moved out of later."""
    state = with_leaving(books(), "house_1", _MAY)

    with refused("house_has_left", house="house_1", day="2026-05-01"):
        change(state, "house_1", _JUNE)


def test_whoever_came_when_the_house_joined_again_may_move_out() -> None:
    """That it had left before is in nobody's way."""
    state = with_leaving(books(), "house_1", _MAY)
    state = with_move_out(_moved_in(state, _JUNE), "house_1", _JULY)

    assert spans(state, "house_1")[-1] == ("2026-06-01", "2026-07-01", "Anna")


def test_an_owner_is_entered_and_taken_back() -> None:
    """Without one, the community itself is."""
    owner = Owner(party=Party(name="Otto"), tariff_id="standard")
    state = with_owner(books(), "house_1", owner)

    assert state.owners == {"house_1": owner}
    assert with_owner(state, "house_2", None) == state
    assert with_owner(state, "house_1", None).owners == {}
    with refused("tariff_unknown", tariff="Solar"):
        with_owner(state, "house_1", Owner(party=owner.party, tariff_id="Solar"))
