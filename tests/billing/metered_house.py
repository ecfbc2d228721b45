"""A house whose meters err, are read anyhow, reset and replaced; what is counted there.

In truth the house uses energy, and its meters count it, one after the other, each
from a value of its own. Nobody but this file knows the truth.
"""

from bisect import bisect_left
from zoneinfo import ZoneInfo

from custom_components.leg_invoicing.billing.energy import Energy
from custom_components.leg_invoicing.billing.gathering import Gathering, MeteredHouse
from custom_components.leg_invoicing.billing.meter_change import (
    ChangeError,
    MeterChange,
    is_past,
    reset,
)
from custom_components.leg_invoicing.billing.past_change import Past
from custom_components.leg_invoicing.billing.register_state import RegisterState
from custom_components.leg_invoicing.billing.registers import Reading, RegisterInterval

from .test_registers import LIMITS, QUARTER, at

IMPORT = ("house_1", "import")
START = at("21:30")
NOISE = LIMITS.noise.mwh
SOUND = LIMITS.sound_gap_seconds
FAR = 10**9
"""A value, 1000 kWh, that no register reaches or falls to while it is in order."""


class House:
    """What a house used, what its meters showed, and what was counted of it."""

    def __init__(self, shown: int) -> None:
        """Begin with a meter whose first value has been confirmed by a rise."""
        metered = MeteredHouse(
            registers=frozenset({"import"}), limits=LIMITS, member_since=0
        )
        self.gathered = Gathering(ZoneInfo("Europe/Zurich"), {"house_1": metered})
        self.now, self.used, self.base = START, 0, shown
        self.course = [(START, 0)]
        self.reads: list[Reading] = []
        self.taken: set[int] = set()
        self.told_late: list[MeterChange] = []
        self.untold: list[MeterChange] = []
        self.is_reset = self.has_surged = False
        self.refused: list[str] = []
        self.story: list[str] = []
        self.read()
        self.used = 1
        self.read()

    def __repr__(self) -> str:
        """Return what happened, for whoever has to find out why."""
        return "\n".join(["", *self.story])

    @property
    def state(self) -> RegisterState:
        """Where the register stands."""
        return self.gathered.states[IMPORT]

    @property
    def shown(self) -> int:
        """What the meter shows, in truth."""
        return self.used + self.base

    def pass_time(self, seconds: int, load: float) -> None:
        """Use energy."""
        self.now += seconds
        self.used += int(LIMITS.max_power_w * seconds * 1000 // 3600 * load)
        self.course.append((self.now, self.used))

    def take(self, value: int) -> None:
        """Let a reading come in, a true one or not."""
        if value >= 0:
            self.arrive(Reading(self.now, Energy(value)))

    def arrive(self, reading: Reading) -> None:
        """Let a reading come in, now or late."""
        self._note(f"reads {reading.value.mwh}", reading.at)
        if reading in self.reads or 0 <= self.shown - reading.value.mwh <= NOISE:
            self.taken.add(reading.at)
        self.gathered.take(IMPORT, reading)

    def read(self, *, arrives: bool = True) -> None:
        """Let the meter be read as it is."""
        self.reads.append(Reading(self.now, Energy(self.shown)))
        if arrives:
            self.arrive(self.reads[-1])

    def replace(self, first: int) -> None:
        """Replace the meter, which takes a moment; nobody has told of it yet.

        Unless the one before is in doubt still, of which nobody has told either.
        """
        last = self.state.last.at
        surged = self.shown - self.state.shown.mwh > FAR // 40
        if self.is_reset or surged or any(c.at >= last for c in self.untold):
            return
        change = MeterChange(
            at=self.now, final=Energy(self.shown), first=Energy(max(0, first))
        )
        self.untold.append(change)
        self.base = change.first.mwh - self.used
        self.pass_time(1, 0)

    def reset(self) -> None:
        """Let the meter begin again, where nobody can take it for anything else."""
        self.read()
        if self.shown > FAR and not (self.untold or self.is_reset or self.state.doubt):
            self.base = -self.used
            self.is_reset = True

    def surge(self) -> None:
        """Use more than the connection can carry, as far as anybody knows."""
        if not (self.untold or self.is_reset or self.state.doubt):
            self.has_surged = True
            self.used += FAR // 20
            self.pass_time(0, 0)
            self.read()

    def tell(self) -> None:
        """Tell of all that happened; what is refused is told again another time."""
        if self.is_reset and self.state.drop:
            self._try(reset(self.state))
            self.is_reset = bool(self.refused)
        jump = self.state.jump
        if jump and jump.latest.value - self.state.offset == Energy(self.shown):
            self._note("accepted", self.now)
            self.gathered.accept_jump(IMPORT)
            self.taken.add(self.now)
        untold, self.untold = self.untold, []
        for change in untold:
            self._try(change)
            if self.refused:
                self.untold.append(change)

    def _try(self, change: MeterChange) -> None:
        before, self.refused = self.state, []
        late = is_past(before, change, LIMITS)
        self._note(f"told {change.final.mwh} -> {change.first.mwh}", change.at)
        try:
            self.gathered.change(IMPORT, change, self.past(change.at))
        except ChangeError as err:
            self.refused = [err.code]
            self._note(str(err), self.now)
            assert self.state == before
        else:
            self.told_late += [change] * late
            self.taken.add(change.at)

    def _note(self, what: str, instant: int) -> None:
        seconds = instant - START
        self.story.append(
            f"{seconds // QUARTER} quarters + {seconds % QUARTER}: {what}"
        )

    def past(self, instant: int) -> Past:
        """Return what a ledger knows of the register, around an instant."""
        edge, changes = self.state.edge, [c for _, c in self.gathered.changes]
        later = Energy.total(c.difference for c in changes if c.at > instant)
        since = max((c.at for c in changes if c.at <= instant), default=0)
        midnights = {note.reading.at: note.reading for note in self.gathered.midnights}
        return Past(
            rows={interval.start: interval for interval in self.counted},
            readings=tuple(m for m in midnights.values() if since < m.at <= instant),
            newest=Reading(edge.at, edge.value - self.state.offset + later),
            changes=tuple(change.at for change in changes),
        )

    @property
    def counted(self) -> list[RegisterInterval]:
        """What has been counted, in order."""
        return [
            RegisterInterval(start, Energy(row.imported), row.quality)
            for (_, start), row in sorted(self.gathered.rows.items())
        ]

    def used_until(self, instant: int) -> int:
        """Return what the house had used at an instant; it uses it evenly."""
        index = bisect_left(self.course, (instant,))
        if index == len(self.course):
            return self.used
        (t1, u1), (t0, u0) = self.course[index], self.course[max(0, index - 1)]
        return u0 + (u1 - u0) * (instant - t0) // (t1 - t0) if t1 > t0 else u1
