"""The series of an Austrian energy community, by their codes and by their names.

`G.01` is what a meter measured and `G.01T` the part of it that takes part in this
community, by the participation factor; likewise `P.01` and `P.01T`, which a
community leaves over. Where a file has both, the part counts: the community
allocates that, and no more. The whole `G.01` is for houses of which the agreement
says the part, and `P.01` is left out then. `G.02` is what was on offer to a consumer, used or not,
and `G.03R` a part of `G.03`; neither is an energy of its own, so they are left out.
"""

from typing import NamedTuple

from ..billing.quality import Quality
from .deliveries import Direction, Share


class Series(NamedTuple):
    """What a series of values is."""

    direction: Direction
    share: Share
    takes_part: bool = False
    """Whether it is already the part that takes part in the community."""


CONSUMED = Series(Direction.IMPORT, Share.TOTAL)
CONSUMED_PART = Series(Direction.IMPORT, Share.TOTAL, takes_part=True)
COVERED = Series(Direction.IMPORT, Share.COMMUNITY, takes_part=True)
PRODUCED = Series(Direction.EXPORT, Share.TOTAL)
PRODUCED_PART = Series(Direction.EXPORT, Share.TOTAL, takes_part=True)
LEFT_OVER = Series(Direction.EXPORT, Share.RESIDUAL)
LEFT_OVER_PART = Series(Direction.EXPORT, Share.RESIDUAL, takes_part=True)

BY_CODE = {
    "1-1:1.9.0 G.01": CONSUMED,
    "1-1:1.9.0 G.01T": CONSUMED_PART,
    "1-1:2.9.0 G.03": COVERED,
    "1-1:2.9.0 G.01": PRODUCED,
    "1-1:2.9.0 G.01T": PRODUCED_PART,
    "1-1:2.9.0 P.01": LEFT_OVER,
    "1-1:2.9.0 P.01T": LEFT_OVER_PART,
}

BY_LABEL = {
    "gesamtverbrauch lt. messung": CONSUMED,
    "verbrauch lt. messung entsprechend dem teilnahmefaktor": CONSUMED_PART,
    "eigendeckung gemeinschaftliche erzeugung": COVERED,
    "gesamte gemeinschaftliche erzeugung": PRODUCED,
    "erzeugung lt. messung entsprechend dem teilnahmefaktor": PRODUCED_PART,
    "gesamt/überschusserzeugung": LEFT_OVER,
    "restüberschuss": LEFT_OVER_PART,
}
"""By what a column's name begins with, in lower case."""

QUALITIES = {
    "": Quality.MEASURED,
    "L0": Quality.MISSING,
    "L1": Quality.MEASURED,
    "L2": Quality.SUBSTITUTED,
    # A value that its sender does not stand by, and will replace.
    "L3": Quality.TEMPORARY,
}
"""By the method of measurement, `MM`."""

SECONDS = {"QH": 900, "H": 3600}
"""By the length of intervals that a file states."""


def beside_its_part(share: Share) -> Share | None:
    """Return what a whole is where its part is there, too; None where it is nothing."""
    return Share.WHOLE if share is Share.TOTAL else None
