"""A community's sharing from what a person wrote down.

    community:
      allocation: hybrid                        since ever
      weights:    {house_1: 0.4, house_2: 0.6}
      order:      [house_2, house_1]
      producers:  priority
      sharing:                                  and from other days on
        - {valid_from: 2026-07-01, allocation: equal}

All but `allocation` may be left out of either form, and one form or both of the
community. An entry of the list says all there is to say: nothing is taken over from
the one before.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal

from .agreements import Agreement
from .allocation import PLACES_ALL, AllocationKey
from .dated import SINCE_EVER
from .reasons import community as because
from .sharing_versions import Sharing, SharingVersion, overweight
from .written import Path, TermsError, Written, listed, nearest

_DETAILS = ("producers", "weights", "order")
SHARING_FIELDS = ("allocation", *_DETAILS, "sharing")
"""What a community may say about sharing."""


def sharing_from_fields(
    part: Mapping[str, Written], agreements: Sequence[Agreement]
) -> Sharing:
    """Read the sharing from a community's fields; its houses are those agreed on."""
    houses = list(dict.fromkeys(agreement.house_id for agreement in agreements))
    for field in _DETAILS:
        if field in part and "allocation" not in part:
            part[field].refuse(because.NEEDS_KEY(name=field))
    first = _version(SINCE_EVER, part, houses)
    versions = {SINCE_EVER: first} if "allocation" in part else {}
    paths: dict[date, Path] = {SINCE_EVER: ("community", "weights")}
    for item in part["sharing"].items() if "sharing" in part else ():
        fields = item.fields(("valid_from", "allocation"), _DETAILS)
        valid_from = fields["valid_from"].day()
        if valid_from in versions:
            fields["valid_from"].refuse(because.TWO_KEYS(day=valid_from))
        versions[valid_from] = _version(valid_from, fields, houses)
        paths[valid_from] = (*item.path, "weights")
    versions.setdefault(SINCE_EVER, first)
    sharing = tuple(versions[day] for day in sorted(versions))
    _require_parts(sharing, agreements, paths)
    return sharing


def _version(
    valid_from: date, part: Mapping[str, Written], houses: Collection[str]
) -> SharingVersion:
    proportional = AllocationKey.PROPORTIONAL
    return SharingVersion(
        valid_from=valid_from,
        allocation=part["allocation"].choice(AllocationKey)
        if "allocation" in part
        else proportional,
        producers=_producers(part["producers"])
        if "producers" in part
        else proportional,
        weights=_weights(part["weights"], houses) if "weights" in part else {},
        order=_order(part["order"], houses) if "order" in part else (),
    )


def _producers(written: Written) -> AllocationKey:
    key = written.choice(AllocationKey)
    if key not in PLACES_ALL:
        written.refuse(because.LEAVES_OVER(key=key, hint=listed(PLACES_ALL)))
    return key


def _weights(written: Written, houses: Collection[str]) -> dict[str, Decimal]:
    return {
        known_house(house_id, node, houses): weight_from(node)
        for house_id, node in written.entries().items()
    }


def weight_from(written: Written) -> Decimal:
    """Read a weight."""
    weight = written.number()
    if not 0 <= weight <= 1:
        written.refuse(because.WEIGHT_RANGE(name=written.name))
    return weight


def _order(written: Written, houses: Collection[str]) -> tuple[str, ...]:
    order: list[str] = []
    for item in written.items():
        house_id = known_house(item.text(), item, houses)
        if house_id in order:
            item.refuse(because.TWICE_IN_ORDER(house=house_id))
        order.append(house_id)
    return tuple(order)


def known_house(house_id: str, written: Written, houses: Collection[str]) -> str:
    """Return a house that there is an agreement about."""
    if house_id not in houses:
        written.refuse(
            because.NO_AGREEMENT(house=house_id, hint=nearest(house_id, houses))
            if houses
            else because.NO_AGREEMENTS()
        )
    return house_id


def _require_parts(
    sharing: Sharing, agreements: Sequence[Agreement], paths: Mapping[date, Path]
) -> None:
    """Refuse weights of more than there is to share."""
    if (over := overweight(sharing, agreements)) is None:
        return
    day, total = over
    version = max(d for d in paths if d <= day)
    raise TermsError(
        paths[version],
        because.WEIGHTS_OVER_ONE(total=total)
        if day == SINCE_EVER
        else because.WEIGHTS_OVER_ONE_SINCE(total=total, day=day),
    )
