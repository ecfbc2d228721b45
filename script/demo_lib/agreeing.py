"""What the members of the demonstration agree on besides their houses."""

from .community import Community, wait_for_meters
from .demo import Stage
from .houses import CHARGING, Village
from .progress import step


async def agree_on_prices(stage: Stage, community: Community) -> None:
    """Let prices differ by day and night, with a fee and VAT, as many members do."""
    async with step("Agreeing on prices by day and night, a base fee and VAT"):
        await community.tell(
            "set_tariff",
            tariff="Standard",
            valid_from=stage.setting.times.first_prices.isoformat(),
            bands=[
                {"name": "Tag", "days": "mon-sat", "from": "06:00", "to": "22:00"},
                {"name": "Nacht", "rest": True},
            ],
            p_pv=20,
            p_con={"Tag": 25, "Nacht": 18},
            p_grid_con={"Tag": 30, "Nacht": 22},
            p_grid_del=6,
            fees=[{"name": "Grundgebühr", "amount": 500, "per": "month"}],
            vat={"mode": "on_top", "rate": 8.1},
        )


async def refine(stage: Stage, community: Community, village: Village) -> None:
    """Let a charger have prices of its own, all pay for the square, somebody move."""
    times = stage.setting.times
    entity_ids = await wait_for_meters(stage.client, village.hardware)
    async with step("Adding a charger and a common meter; somebody moves"):
        await community.tell(
            "set_tariff",
            tariff=CHARGING,
            valid_from=times.first_prices.isoformat(),
            p_pv=20,
            p_con=28,
            p_grid_con=36,
            p_grid_del=6,
            vat={"mode": "on_top", "rate": 8.1},
        )
        for submeter in village.meters:
            await community.loaded()
            await community.add_meter(submeter, entity_ids, since=times.last_month)
        await community.loaded()
        for move in village.moves:
            await community.change_occupant(move, first=times.moving_day)
            await community.loaded()
