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
from .sharing_versions import Sharing, SharingVersion, overweight
from .written import Path, TermsError, Written, listed, nearest

_DETAILS = ("producers", "weights", "order")
SHARING_FIELDS = ("allocation", *_DETAILS, "sharing")
"""What a community may say about sharing."""

_IN_PARTS = "write 40 % as 0.4"


def sharing_from_fields(
    part: Mapping[str, Written], agreements: Sequence[Agreement]
) -> Sharing:
    """Read the sharing from a community's fields; its houses are those agreed on."""
    houses = list(dict.fromkeys(agreement.house_id for agreement in agreements))
    for field in _DETAILS:
        if field in part and "allocation" not in part:
            part[field].refuse(f"{field} needs a key beside it; add allocation")
    first = _version(SINCE_EVER, part, houses)
    versions = {SINCE_EVER: first} if "allocation" in part else {}
    paths: dict[date, Path] = {SINCE_EVER: ("community", "weights")}
    for item in part["sharing"].items() if "sharing" in part else ():
        fields = item.fields(("valid_from", "allocation"), _DETAILS)
        valid_from = fields["valid_from"].day()
        if valid_from in versions:
            fields["valid_from"].refuse(
                f"two keys count from {valid_from} on; keep one of them"
            )
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
        written.refuse(
            f"producers cannot share by {key}, which would leave energy over that "
            f"somebody bought; {listed(PLACES_ALL)}"
        )
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
        written.refuse(f"{written.name} must be 0 to 1; {_IN_PARTS}")
    return weight


def _order(written: Written, houses: Collection[str]) -> tuple[str, ...]:
    order: list[str] = []
    for item in written.items():
        house_id = known_house(item.text(), item, houses)
        if house_id in order:
            item.refuse(f"{house_id!r} stands in the order already; keep one of them")
        order.append(house_id)
    return tuple(order)


def known_house(house_id: str, written: Written, houses: Collection[str]) -> str:
    """Return a house that there is an agreement about."""
    if house_id not in houses:
        written.refuse(
            f"there is no agreement about a house {house_id!r}; "
            f"{nearest(house_id, houses)}"
            if houses
            else "there are no agreements, and so no houses to name here"
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
    since = "" if day == SINCE_EVER else f" from {day} on"
    raise TermsError(
        paths[version],
        f"the weights add up to {total}{since}; they may be 1 at most, {_IN_PARTS}",
    )
