"""What reading statistics back asks of the ledger, and writes into it.

Everything here blocks, and runs in the ledger's own thread.
"""

from collections.abc import Iterable
from itertools import groupby

from .billing.backfill import Joint
from .billing.calendar import Instant, Span
from .billing.energy import Energy
from .billing.gathering import MidnightReading, RegisterKey
from .billing.measurements import IntervalRow
from .billing.quality import Quality
from .billing.register_state import Edge, Reading, RegisterState
from .joining import offset_at
from .ledger import Effect, Ledger, Origin, Source, Written
from .metered import stored_readings


def joints(
    ledger: Ledger, keys: Iterable[RegisterKey], since: Instant, interval: int
) -> dict[RegisterKey, Joint]:
    """Return where each meter's own unbroken run of intervals began."""
    records, changes = ledger.register_states(), ledger.meter_changes()
    states = {
        key: RegisterState.from_record(records[key]) for key in keys if key in records
    }
    found = {}
    for key, state in states.items():
        if state.edge is not None:
            joint = _joint(ledger, key, state.edge, since, interval)
            # What the meter showed, as the recorder has it: as it was before all that
            # was told of changes since.
            offset = offset_at(joint.reading.at, key, state, changes)
            reading = Reading(joint.reading.at, joint.reading.value - offset)
            found[key] = joint._replace(reading=reading)
    return found


def _joint(
    ledger: Ledger, key: RegisterKey, edge: Edge, since: Instant, interval: int
) -> Joint:
    """Go back from a meter's last edge through the intervals that it measured.

    The register's value there is the one at `edge`, less what was counted since.
    """
    house_id, register = key
    at, value, sound = edge.at, edge.value, edge.sound
    standing = [
        version
        for version in ledger.versions(house_id, Span(since, edge.at))
        if version.superseded is None
    ]
    for version in reversed(standing):
        imported, exported = version.row.sides
        side = imported if register == "import" else exported
        is_next = version.row.start == at - interval
        if side.mwh is None or not is_next or version.source is not Source.LIVE:
            break
        at, value = version.row.start, value - Energy(side.mwh)
        sound = side.quality is Quality.MEASURED
    return Joint(Reading(at, value), sound)


def effects(
    ledger: Ledger, rows: Iterable[IntervalRow], origin: Origin
) -> dict[str, Effect]:
    """Return what writing rows would do, by house."""
    in_order = sorted(rows, key=lambda row: row[:2])
    return {
        house_id: ledger.preview(own, origin, {})
        for house_id, own in groupby(in_order, key=lambda row: row.house_id)
    }


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
