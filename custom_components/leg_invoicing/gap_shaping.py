"""Give gaps their shape on the way into the ledger, whose history it is made of."""

from .billing.gap_shape import Closed, shaped
from .billing.terms import Community, GapShape
from .ledger import Ledger


def shape_gaps(ledger: Ledger, community: Community, closed: Closed) -> Closed:
    """Return what is to be written, by the community's rule; reads the ledger."""
    if community.gaps.shape is GapShape.LINEAR or not closed.gaps:
        return closed
    return shaped(closed, ledger.rows, community.zone)
