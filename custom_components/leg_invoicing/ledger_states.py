"""Where registers stand, as it was written with the last rows."""

import json

from sqlalchemy import Engine, select

from .billing.records import Record
from .ledger_schema import METER, REGISTER_STATE


def read_states(engine: Engine) -> dict[tuple[str, str], Record]:
    """Return the state of each register, by house and register."""
    state = REGISTER_STATE.c
    statement = select(METER.c.house_id, state.register, state.state)
    with engine.connect() as connection:
        found = connection.execute(statement.join_from(REGISTER_STATE, METER))
        return {(house, name): json.loads(text) for house, name, text in found}
