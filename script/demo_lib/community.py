"""Set a community up and let it do its accounts, through Home Assistant's own doors."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from .client import Client, Json
from .houses import ISSUER, Member, Move, Submeter
from .meters import EXPORT, IMPORT, TAG, Meter
from .processes import LOOPBACK
from .progress import wait_until

DOMAIN = "leg_invoicing"


async def connect_mqtt(client: Client, port: int, protocol: str) -> None:
    """Add the MQTT integration."""
    await client.flow(
        "mqtt",
        {
            "broker": LOOPBACK,
            "port": port,
            "protocol": protocol,
            "other_settings": {
                "set_client_cert": False,
                "set_ca_cert": "off",
                "transport": "tcp",
            },
        },
    )
    if protocol != "5":
        # Home Assistant asks to move on to MQTT 5. Whoever looks at our repairs
        # should see those of the community.
        await client.command(
            "repairs/ignore_issue",
            domain="mqtt",
            issue_id="protocol_5_migration",
            ignore=True,
        )


async def wait_for_meters(client: Client, meters: Iterable[Meter]) -> dict[str, str]:
    """Wait until all meters' sensors have values; return entity ids by unique id."""
    wanted = {
        meter.unique_id(sensor.key) for meter in meters for sensor in meter.kind.sensors
    }

    async def all_known() -> dict[str, str] | None:
        states = await client.states()
        known = {
            entity["unique_id"]: entity["entity_id"]
            for entity in await client.entities("mqtt")
            if states.get(entity["entity_id"], {}).get("state", "unknown")
            not in ("unknown", "unavailable")
        }
        return known if wanted <= known.keys() else None

    return await wait_until("all meters have values", all_known, seconds=60)


class Community:
    """A community that was set up, as its administrator sees it."""

    def __init__(self, client: Client, entry_id: str) -> None:
        """Take a config entry that exists."""
        self.entry_id = entry_id
        self._client = client

    @classmethod
    async def found(
        cls, client: Client, name: str, *, valid_from: date, minutes: int = 15
    ) -> Community:
        """Go through the form for a new community with default prices."""
        answer = await client.flow(
            DOMAIN,
            {
                "name": name,
                "currency": "CHF",
                "timezone": "Europe/Zurich",
                "model": "split",
                "interval": str(minutes),
                "cadence": "month",
            },
            {**ISSUER, "payment_term_days": 30},
            {
                "tariff": "Standard",
                "valid_from": valid_from.isoformat(),
                "p_pv": 20,
                "p_con": 25,
                "p_grid_del": 6,
                "p_grid_con": 30,
            },
        )
        return cls(client, answer["result"]["entry_id"])

    @classmethod
    async def existing(cls, client: Client) -> Community:
        """Return the only community that there is."""
        (entry,) = await client.command("config_entries/get", domain=DOMAIN)
        return cls(client, entry["entry_id"])

    async def add_house(
        self, member: Member, entity_ids: dict[str, str], *, since: date
    ) -> None:
        """Go through the form for a house whose meter's sensors are there."""
        meter = member.simulated.meter
        meters: dict[str, Any] = {
            "name": member.house,
            "import_register": entity_ids[meter.unique_id(IMPORT)],
            "max_power_kw": 30,
        }
        if meter.has_export:
            meters["export_register"] = entity_ids[meter.unique_id(EXPORT)]
        if member.unit:
            meters["unit"] = member.unit
        await self._client.flow(
            [self.entry_id, "house"],
            meters,
            {**member.occupant, "start_date": since.isoformat()},
            kind="subentries/flow",
        )

    async def add_meter(
        self, submeter: Submeter, entity_ids: dict[str, str], *, since: date
    ) -> None:
        """Go through the forms for a meter beside the houses' own."""
        ids = await self.house_ids()
        said = {name: ids.get(v, v) for name, v in submeter.assignment.items()}
        import_id = submeter.simulated.meter.unique_id(IMPORT)
        await self._client.flow(
            [self.entry_id, "meter"],
            {"name": submeter.name, "meter_role": submeter.role},
            {"import_register": entity_ids[import_id], "max_power_kw": 30},
            {**said, "start_date": since.isoformat()},
            # Of what is shared, all have a part.
            self._who_charges(submeter, entity_ids, ids) if submeter.users else {},
            kind="subentries/flow",
        )

    @staticmethod
    def _who_charges(
        submeter: Submeter, entity_ids: dict[str, str], house_ids: dict[str, str]
    ) -> Json:
        return {
            "user_sensor": entity_ids[submeter.simulated.meter.unique_id(TAG)],
            "users": [
                {"tag": tag, "house": house_ids[house]}
                for tag, house in submeter.users.items()
            ],
        }

    async def change_occupant(self, move: Move, *, first: date) -> None:
        """Go through the forms for somebody who moves into a house."""
        (subentry,) = [
            entry for entry in await self._subentries() if entry["title"] == move.house
        ]
        await self._client.flow(
            [self.entry_id, "house"],
            {"next_step_id": "change_of_occupant"},
            {**move.occupant, "start_date": first.isoformat()},
            kind="subentries/flow",
            subentry_id=subentry["subentry_id"],
        )

    async def house_ids(self) -> dict[str, str]:
        """Return the ids that the houses got, by name."""
        return await self._ids("house")

    async def meter_ids(self) -> dict[str, str]:
        """Return the ids that the meters beside the houses' own got, by name."""
        return await self._ids("meter")

    async def _ids(self, kind: str) -> dict[str, str]:
        return {
            entry["title"]: entry["unique_id"]
            for entry in await self._subentries()
            if entry["subentry_type"] == kind
        }

    async def _subentries(self) -> list[Json]:
        subentries: list[Json] = await self._client.command(
            "config_entries/subentries/list", entry_id=self.entry_id
        )
        return subentries

    async def loaded(self) -> None:
        """Wait until the integration runs with all that was changed."""

        async def is_loaded() -> bool:
            entry = await self._client.command(
                "config_entries/get_single", entry_id=self.entry_id
            )
            return bool(entry["config_entry"]["state"] == "loaded")

        await wait_until("the integration is loaded", is_loaded, seconds=60)

    async def action(self, name: str, **data: object) -> Json:
        """Perform one of the integration's actions for this community."""
        return await self._client.action(
            DOMAIN, name, config_entry_id=self.entry_id, **data
        )

    async def tell(self, name: str, **data: object) -> None:
        """Perform one of those actions that answer nothing."""
        await self._client.tell(DOMAIN, name, config_entry_id=self.entry_id, **data)

    async def import_readings(self, path: Path) -> Json:
        """Load a file of quarter hours."""
        return await self.action("import_readings", path=str(path))

    async def import_signals(self, path: Path) -> Json:
        """Load a file of what sensors showed that bills follow."""
        return await self.action("import_signals", path=str(path))

    async def close(self, period_id: str) -> Json:
        """Close a period and return it with its invoices."""
        return await self.action("close_period", period=period_id)

    async def closed(self, period_id: str) -> Json:
        """Return a period that was closed before, the way closing it did."""
        # Writing its documents again gives the same bytes.
        rendered = await self.action("render_documents", period=period_id)
        invoices = await self.action("get_invoices", period=period_id)
        return {**invoices, "folder": str(Path(rendered["documents"][0]).parent)}

    async def sensors(self) -> dict[tuple[str | None, str], dict[str, Any]]:
        """Return the integration's sensors with their states.

        Keys are the house's or meter's name (None for the community) and the sensor's
        own key.
        """
        titles = {
            entry["subentry_id"]: entry["title"] for entry in await self._subentries()
        }
        states = await self._client.states()
        return {
            (titles.get(entity["config_subentry_id"]), entity["translation_key"]): {
                "entity_id": entity["entity_id"],
                **states.get(entity["entity_id"], {"state": None, "attributes": {}}),
            }
            for entity in await self._client.entities(DOMAIN)
            if entity["config_entry_id"] == self.entry_id
        }
