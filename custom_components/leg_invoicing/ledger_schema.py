"""The tables of the ledger.

Energies are mWh, instants Unix seconds in UTC. `interval` is clustered by start
and meter: a new interval goes to the end of the file's tree, and a period of the
whole community is one contiguous read.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    Text,
)

METADATA = MetaData()

METER = Table(
    "meter",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("house_id", Text, nullable=False, unique=True),
    sqlite_strict=True,
)


def _energies() -> tuple[Column[int], Column[int], CheckConstraint]:
    """Return the two sides of an interval; None is a side that is not known."""
    return (
        Column("imported", Integer, nullable=True),
        Column("exported", Integer, nullable=True),
        CheckConstraint("imported >= 0 AND exported >= 0"),
    )


def _origin() -> tuple[Column[int], Column[int]]:
    """Return what an interval is worth (`ledger_quality`), and where it is from."""
    return (
        Column("quality", Integer, nullable=False),
        Column("source", Integer, nullable=False),
    )


INTERVAL = Table(
    "interval",
    METADATA,
    Column("start", Integer, primary_key=True, autoincrement=False),
    Column("meter", ForeignKey("meter.id"), primary_key=True, autoincrement=False),
    *_energies(),
    *_origin(),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

# A write of anybody but the meters, or one that replaced something known: who did
# what, when and why, and what it changed.
REVISION = Table(
    "revision",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", Integer, nullable=False),
    Column("source", Integer, nullable=False),
    Column("action", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("user", Text, nullable=True),
    # Names of houses, as a JSON list.
    Column("houses", Text, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("first", Integer, nullable=True),
    Column("last", Integer, nullable=True),
    sqlite_strict=True,
)

# What stood in `interval` until that revision.
SUPERSEDED = Table(
    "superseded",
    METADATA,
    Column("start", Integer, primary_key=True, autoincrement=False),
    Column("meter", ForeignKey("meter.id"), primary_key=True, autoincrement=False),
    Column(
        "revision", ForeignKey("revision.id"), primary_key=True, autoincrement=False
    ),
    *_energies(),
    *_origin(),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

REGISTER_STATE = Table(
    "register_state",
    METADATA,
    Column("meter", ForeignKey("meter.id"), primary_key=True, autoincrement=False),
    Column("register", Text, primary_key=True),
    Column("state", Text, nullable=False),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

READING = Table(
    "reading",
    METADATA,
    Column("meter", ForeignKey("meter.id"), primary_key=True, autoincrement=False),
    Column("register", Text, primary_key=True),
    Column("at", Integer, primary_key=True, autoincrement=False),
    Column("value", Integer, nullable=False),
    Column("kind", Integer, nullable=False),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

# Which house a grid operator's metering point is, and which ways (1 import, 2 export)
# energy was delivered of.
METERING_POINT = Table(
    "metering_point",
    METADATA,
    Column("point", Text, primary_key=True),
    Column("meter", ForeignKey("meter.id"), nullable=False),
    Column("directions", Integer, nullable=False),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

# Deliveries of grid operators, told apart by when they say that they were made.
DELIVERY = Table(
    "delivery",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("version", Text, nullable=False, unique=True),
    sqlite_strict=True,
)


def _allotted() -> tuple[Column[int], Column[int], Column[int], CheckConstraint]:
    """Return what a grid operator allocated, and by which delivery."""
    return (
        Column("mwh", Integer, nullable=False),
        Column("quality", Integer, nullable=False),
        Column("delivery", ForeignKey("delivery.id"), nullable=False),
        CheckConstraint("mwh >= 0"),
    )


# What of an interval's energy a grid operator allocated from or to the community, and
# what is the rest; the kinds are in `ledger_allocations`.
ALLOCATION = Table(
    "allocation",
    METADATA,
    Column("start", Integer, primary_key=True, autoincrement=False),
    Column("meter", ForeignKey("meter.id"), primary_key=True, autoincrement=False),
    Column("kind", Integer, primary_key=True, autoincrement=False),
    *_allotted(),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

# What stood in `allocation` until that revision.
ALLOCATION_SUPERSEDED = Table(
    "allocation_superseded",
    METADATA,
    Column("start", Integer, primary_key=True, autoincrement=False),
    Column("meter", ForeignKey("meter.id"), primary_key=True, autoincrement=False),
    Column("kind", Integer, primary_key=True, autoincrement=False),
    Column(
        "revision", ForeignKey("revision.id"), primary_key=True, autoincrement=False
    ),
    *_allotted(),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

# Where one meter ended and the next one began: what each of them showed.
METER_CHANGE = Table(
    "meter_change",
    METADATA,
    Column("meter", ForeignKey("meter.id"), primary_key=True, autoincrement=False),
    Column("register", Text, primary_key=True),
    Column("at", Integer, primary_key=True, autoincrement=False),
    Column("final", Integer, nullable=False),
    Column("first", Integer, nullable=False),
    Column("kind", Integer, nullable=False),
    Column("old_serial", Text, nullable=False),
    Column("new_serial", Text, nullable=False),
    Column("note", Text, nullable=False),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

# What was so in intervals besides energy: prices of an exchange, modes, tags.
SIGNAL = Table(
    "signal",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("signal_id", Text, nullable=False, unique=True),
    sqlite_strict=True,
)

SIGNAL_VALUE = Table(
    "signal_value",
    METADATA,
    Column("start", Integer, primary_key=True, autoincrement=False),
    Column("signal", ForeignKey("signal.id"), primary_key=True, autoincrement=False),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

# What stood in `signal_value` until that revision.
SIGNAL_SUPERSEDED = Table(
    "signal_superseded",
    METADATA,
    Column("start", Integer, primary_key=True, autoincrement=False),
    Column("signal", ForeignKey("signal.id"), primary_key=True, autoincrement=False),
    Column(
        "revision", ForeignKey("revision.id"), primary_key=True, autoincrement=False
    ),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)
