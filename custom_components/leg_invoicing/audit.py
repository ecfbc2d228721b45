"""Who changed what in the ledger, and why, as actions and a CSV file tell it."""

from collections.abc import Iterable, Mapping
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from .billing.calendar import Span, iso_utc
from .billing.commitments import TariffChange
from .community import points_of_entry
from .const import CONF_INTERVAL, DOMAIN
from .corrections import bounds
from .document_files import community_folder, replace_file
from .documents.tables import audit_csv
from .ledger import Revision
from .runtime import LegConfigEntry

AUDIT = "audit.csv"


async def async_audit(
    hass: HomeAssistant,
    entry: LegConfigEntry,
    span: Span,
    *,
    house_id: str | None,
    as_csv: bool,
) -> dict[str, Any]:
    """Return the changes of a span of time, the newest first."""
    ledger = entry.runtime_data.ledger
    found = await hass.async_add_executor_job(
        lambda: [
            revision
            for revision in ledger.revisions(span)
            if house_id is None or house_id in revision.houses
        ]
    )
    users = await async_user_names(hass, found)
    length = entry.data[CONF_INTERVAL] * 60
    names = {point.point_id: point.name for point in points_of_entry(entry)}
    entries = [
        revision_answer(revision, users, length)
        | {"house_names": [names.get(house, house) for house in revision.houses]}
        for revision in found
    ]
    if not as_csv:
        return {"entries": entries}
    return {"entries": entries, "path": await _async_write(hass, entry, entries)}


async def async_user_names(
    hass: HomeAssistant, changes: Iterable[Revision | TariffChange]
) -> dict[str, str]:
    """Return how users are called; who is gone keeps the id."""
    names = {}
    for user_id in {c.user_id for c in changes if c.user_id is not None}:
        user = await hass.auth.async_get_user(user_id)
        names[user_id] = (user.name if user else None) or user_id
    return names


def revision_answer(
    revision: Revision, users: Mapping[str, str], interval_seconds: int
) -> dict[str, Any]:
    """Return a change as actions answer it."""
    user_id, spans = revision.user_id, [revision.span] if revision.span else []
    return {
        "at": iso_utc(revision.at),
        "user_id": user_id,
        "user": "automation" if user_id is None else users.get(user_id, user_id),
        "source": revision.source.name.lower(),
        "action": revision.action,
        "reason": revision.reason,
        "houses": list(revision.houses),
        "changed": revision.changed,
        **bounds(spans, interval_seconds),
    }


async def _async_write(
    hass: HomeAssistant, entry: LegConfigEntry, entries: list[dict[str, Any]]
) -> str:
    path = community_folder(hass, entry) / AUDIT

    def write() -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, [audit_csv(entries)])

    try:
        await hass.async_add_executor_job(write)
    except OSError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="file_not_written",
            translation_placeholders={"path": str(path), "reason": str(err)},
        ) from err
    return str(path)
