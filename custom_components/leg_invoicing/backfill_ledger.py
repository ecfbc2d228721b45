"""What reading statistics back asks of the ledger, and writes into it.

Everything here blocks, and runs in the ledger's own thread.
"""

from collections.abc import Collection, Iterable
from itertools import groupby

from .billing.backfill import Joint
from .billing.calendar import Instant, Span
from .billing.energy import Energy
from .billing.gathering import MidnightReading, RegisterKey
from .billing.measurements import IntervalRow, Rule, combine
from .billing.quality import Quality
from .billing.register_state import Edge, Reading, RegisterState
from .ledger import Ledger, Origin, Source, Version, Written
from .metering import stored_readings


def joints(
    ledger: Ledger, keys: Iterable[RegisterKey], since: Instant, interval: int
) -> dict[RegisterKey, Joint]:
    """Return where each meter's own unbroken run of intervals began."""
    records = ledger.register_states()
    edges = {
        key: RegisterState.from_record(records[key]).edge
        for key in keys
        if key in records
    }
    return {
        key: _joint(ledger, key, edge, since, interval)
        for key, edge in edges.items()
        if edge is not None
    }


def _joint(
    ledger: Ledger, key: RegisterKey, edge: Edge, since: Instant, interval: int
) -> Joint:
    """Go back from a meter's last edge through the intervals that it measured.

    The register's value there is the one at `edge`, less what was counted since.
    """
    house_id, register = key
    at, value, sound = edge.at, edge.value, edge.sound
    standing = list(_standing(ledger, house_id, Span(since, edge.at)))
    for version in reversed(standing):
        imported, exported = version.row.sides
        side = imported if register == "import" else exported
        is_next = version.row.start == at - interval
        if side.mwh is None or not is_next or version.source is not Source.LIVE:
            break
        at, value = version.row.start, value - Energy(side.mwh)
        sound = side.quality is Quality.MEASURED
    return Joint(Reading(at, value), sound)


def offer(
    ledger: Ledger, rows: Collection[IntervalRow], origin: Origin
) -> list[IntervalRow]:
    """Return the rows that would change something."""
    in_order = sorted(rows, key=lambda row: row[:2])
    changing = []
    for house_id, group in groupby(in_order, key=lambda row: row.house_id):
        own = list(group)
        span = Span(own[0].start, own[-1].start + 1)
        held = {v.row.start: v for v in _standing(ledger, house_id, span)}
        changing += [row for row in own if _changes(held.get(row.start), row, origin)]
    return changing


def write(
    ledger: Ledger,
    rows: Iterable[IntervalRow],
    midnights: Iterable[MidnightReading],
    origin: Origin,
) -> Written:
    """Write rows, and the readings at midnights that nobody has kept yet."""
    readings = [
        reading
        for reading in stored_readings(midnights)
        if ledger.reading_at(reading.house_id, reading.register, reading.at) is None
    ]
    return ledger.write(rows, origin, readings=readings)


def _standing(ledger: Ledger, house_id: str, span: Span) -> Iterable[Version]:
    return (v for v in ledger.versions(house_id, span) if v.superseded is None)


def _changes(held: Version | None, row: IntervalRow, origin: Origin) -> bool:
    if held is None:
        return True
    # What a person said is completed at most.
    rule = Rule.FILL if held.source is Source.HAND else origin.rule
    return combine(held.row, row, rule) is not None
