"""What is agreed from a day on, said by actions of a running Home Assistant."""

from datetime import datetime, timedelta

import pytest

from script.demo_lib.client import RefusedError
from script.demo_lib.profiles import ZONE
from tests.e2e.theatre import QUICK, Play, Theatre

pytestmark = pytest.mark.e2e


def test_what_is_told(theatre: Theatre, play: Play) -> None:
    """Sensors of what is told are there when the action is done."""
    today = datetime.now(ZONE).date()
    keys = {(member.house, "co2_avoided") for member in QUICK.members}
    assert not keys & theatre.do(play.quick.sensors()).keys()

    told = play.quick.tell(
        "set_benefits",
        valid_from=today.isoformat(),
        co2=128.5,
        grid_discount={"percent": 40, "grid_fee": 9.5},
    )
    theatre.do(told)

    assert keys <= theatre.do(play.quick.sensors()).keys()


def test_somebody_moves_in(theatre: Theatre, play: Play) -> None:
    """From that day on somebody else is billed for the house."""
    today = datetime.now(ZONE).date()
    days = [(today + timedelta(days=n)).isoformat() for n in range(3)]
    house = QUICK.members[0].house

    moved = play.quick.tell(
        "change_occupant",
        house=house,
        day=days[1],
        participant={"name": "Anna Meier", "language": "it"},
    )
    theatre.do(moved)

    period = f"{days[0]}..{days[2]}"
    preview = theatre.do(play.quick.action("preview_period", period=period))
    billed = [s for s in preview["statements"] if s["participant"] == "Anna Meier"]
    assert [(s["from"], s["to"]) for s in billed] == [(days[1], days[2])]
    refused = play.quick.tell(
        "change_occupant", house=house, day=days[2], participant={"name": " "}
    )
    with pytest.raises(RefusedError, match="name must be a text"):
        theatre.do(refused)
