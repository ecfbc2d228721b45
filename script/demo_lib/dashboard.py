"""A dashboard of the community, and the Energy page, from Home Assistant's own cards."""

from collections.abc import Container, Iterable, Mapping
from typing import Any

from .client import Client

URL_PATH = "leg-community"

type Card = dict[str, Any]
type Sensors = Mapping[tuple[str | None, str], Mapping[str, Any]]
"""As `Community.sensors` returns them; the house is None for the community."""

_TILES = (
    *("consumption", "production", "shared_energy", "self_sufficiency"),
    *("grid_import", "grid_export", "own_account", "open_amount"),
)
_GRAPHS = {
    "Produced and shared": ("production", "shared_energy"),
    "From and to the grid": ("grid_import", "grid_export"),
    "What the grid costs and pays": ("value_grid_import", "value_grid_export"),
}
_HOUSE_GRAPH = (
    *("energy_from_community", "energy_from_grid"),
    *("energy_to_community", "energy_to_grid"),
)


def statistic_id(community_id: str, key: str, house_id: str | None = None) -> str:
    """Return the id of one of the integration's external statistics."""
    owner = f"{community_id}_{house_id}" if house_id else community_id
    return f"leg_invoicing:{owner}_{key}"


def _graph(ids: Mapping[str, str]) -> Card:
    """Draw statistics by day; `ids` are their ids by key."""
    return {
        "type": "statistics-graph",
        "chart_type": "bar",
        "period": "day",
        "days_to_show": 60,
        "stat_types": ["change"],
        "entities": [{"entity": i, "name": _name(key)} for key, i in ids.items()],
        "grid_options": {"columns": "full"},
    }


def _section(title: str, icon: str, cards: Iterable[Card]) -> Card:
    heading = {"type": "heading", "heading": title, "icon": icon}
    return {"type": "grid", "cards": [heading, *cards]}


def _name(key: str) -> str:
    return key.replace("_", " ").capitalize()


def _community_view(community_id: str, sensors: Sensors) -> Card:
    tiles = [
        {"type": "tile", "entity": sensors[None, key]["entity_id"], "name": _name(key)}
        for key in _TILES
    ]
    graphs = {
        title: _graph({key: statistic_id(community_id, key) for key in keys})
        for title, keys in _GRAPHS.items()
    }
    return {
        "title": "Community",
        "path": "community",
        "type": "sections",
        "max_columns": 3,
        "sections": [
            _section("So far this month", "mdi:home-group", tiles),
            *(_section(t, "mdi:chart-bar", [graph]) for t, graph in graphs.items()),
        ],
    }


def _house_section(
    community_id: str, house: str, house_id: str, sensors: Sensors
) -> Card:
    graph = _graph(
        {key: statistic_id(community_id, key, house_id) for key in _HOUSE_GRAPH}
    )
    rows = [
        {"entity": sensor["entity_id"], "name": _name(key)}
        for (owner, key), sensor in sensors.items()
        if owner == house
    ]
    table = {"type": "entities", "entities": rows, "grid_options": {"columns": "full"}}
    return _section(house, "mdi:home", [graph, table])


def _further_section(names: Container[str | None], sensors: Sensors) -> Card:
    rows = [
        {"entity": sensor["entity_id"], "name": owner}
        for (owner, key), sensor in sensors.items()
        if owner in names and key == "imported_energy"
    ]
    table = {"type": "entities", "entities": rows, "grid_options": {"columns": "full"}}
    return _section("Further meters", "mdi:meter-electric", [table])


def _meters_view(meters: Iterable[str]) -> Card:
    return {
        "title": "Meters",
        "path": "meters",
        "cards": [
            {"type": "entities", "title": "As they arrive", "entities": list(meters)}
        ],
    }


async def create_dashboard(
    client: Client,
    title: str,
    community_id: str,
    house_ids: Mapping[str, str],
    meter_ids: Mapping[str, str],
    sensors: Sensors,
    meters: Iterable[str],
) -> None:
    """Create the dashboard.

    `house_ids` and `meter_ids` are by names; `meters` are entity ids.
    """
    await client.command(
        "lovelace/dashboards/create",
        url_path=URL_PATH,
        title=title,
        icon="mdi:home-lightning-bolt",
        show_in_sidebar=True,
        mode="storage",
    )
    houses = [
        _house_section(community_id, house, house_id, sensors)
        for house, house_id in house_ids.items()
    ]
    if meter_ids:
        houses.append(_further_section(set(meter_ids), sensors))
    views = [
        _community_view(community_id, sensors),
        {
            "title": "Houses",
            "path": "houses",
            "type": "sections",
            "max_columns": 3,
            "sections": houses,
        },
        _meters_view(meters),
    ]
    await client.command(
        "lovelace/config/save", url_path=URL_PATH, config={"views": views}
    )


def energy_preferences(
    ids: Mapping[str, str], houses: Mapping[str, str]
) -> dict[str, Any]:
    """Return what the Energy page needs to show the community as one large house.

    `ids` are statistic or entity ids by the community's key, `houses` those of what
    each house imported. Delivered energy that does not go to the grid was shared, so
    the page's sum is what all houses took.
    """
    return {
        "energy_sources": [
            {
                "type": "grid",
                "name": "Grid",
                "stat_energy_from": ids["grid_import"],
                "stat_energy_to": ids["grid_export"],
                "stat_cost": ids["value_grid_import"],
                "stat_compensation": ids["value_grid_export"],
                "cost_adjustment_day": 0,
            },
            {
                "type": "solar",
                "name": "Delivered by the houses",
                "stat_energy_from": ids["production"],
            },
        ],
        "device_consumption": [
            {"stat_consumption": statistic, "name": house}
            for house, statistic in houses.items()
        ],
    }


ENERGY_KEYS = (
    *("grid_import", "grid_export", "value_grid_import", "value_grid_export"),
    "production",
)
"""The community's keys that `energy_preferences` asks for."""
