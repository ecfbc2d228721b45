"""The command line of `script/demo`."""

import argparse
import asyncio
from contextlib import suppress
from pathlib import Path
import secrets
import signal
import sys

from .agreeing import agree_on_prices, refine
from .broker import BROKERS
from .client import Json
from .community import Community
from .dashboard import URL_PATH
from .demo import (
    USER,
    Stage,
    close_last_month,
    decorate,
    go_on,
    last_lines,
    load_history,
    running,
    set_up,
)
from .home_assistant import ENVIRONMENTS
from .houses import SONNHALDE
from .processes import LOOPBACK, free_port, is_free
from .progress import DemoError, say
from .setting import Setting, delete, load
from .settle_check import check_against_settle, invoice_table
from .times import Times

ROOT = Path(__file__).resolve().parents[2]
USUAL_PORT = 8137


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="script/demo",
        description="Play an energy community of five simulated houses in a real "
        "Home Assistant: live readings over MQTT, and last month's invoices.",
    )
    parser.add_argument(
        "--once",
        action="store_true",
        help="print the invoices, check them against script/settle, and stop",
    )
    parser.add_argument(
        "--keep",
        action="store_true",
        help="go on with what an earlier demonstration left, instead of afresh",
    )
    parser.add_argument(
        "--delete",
        action="store_true",
        help="delete what a demonstration left, and do nothing else",
    )
    parser.add_argument("--folder", type=Path, default=ROOT / ".demo")
    parser.add_argument(
        "--ha",
        choices=ENVIRONMENTS,
        default="newest",
        help="which Home Assistant: the newest, or the one the tests are pinned to",
    )
    parser.add_argument("--broker", choices=BROKERS, default="amqtt")
    parser.add_argument(
        "--port", type=int, help=f"Home Assistant's ({USUAL_PORT} where it is free)"
    )
    return parser.parse_args()


def _new_setting(arguments: argparse.Namespace) -> Setting:
    port: int | None = arguments.port
    if port is not None and not is_free(port):
        raise DemoError(f"Port {port} is taken; name another one with --port.")
    if port is None:
        port = USUAL_PORT if is_free(USUAL_PORT) else free_port()
    return Setting(
        root=ROOT,
        folder=arguments.folder.resolve(),
        environment=arguments.ha,
        broker=arguments.broker,
        port=port,
        broker_port=free_port(),
        password=f"demo-{secrets.token_hex(4)}",
        times=Times.now(),
    )


async def _set_up(stage: Stage) -> tuple[Community, Json]:
    """Make a community with a history, and close its last month."""
    community = await set_up(stage, SONNHALDE)
    await agree_on_prices(stage, community)
    await refine(stage, community, SONNHALDE)
    await load_history(stage, community, SONNHALDE)
    closed = await close_last_month(stage, community)
    await decorate(stage.client, community, closed)
    return community, closed


def _tell(setting: Setting, closed: Json) -> None:
    """Print what there is to see, and where."""
    url = f"http://{LOOPBACK}:{setting.port}"
    print()
    for line in invoice_table(closed["invoices"]):
        print(line)
    print(f"""
Home Assistant  {url}  (user {USER}, password {setting.password})
Dashboard       {url}/{URL_PATH}
Energy          {url}/energy
Invoices        {closed["folder"]}
                PDF, CSV and JSON of each; intervals.csv, signals.csv, terms.yaml to recompute
All files       {setting.folder}  (script/demo --delete deletes them)
""")


async def _play(setting: Setting, *, once: bool, afresh: bool) -> None:
    async with running(setting, SONNHALDE) as stage:
        if afresh:
            community, closed = await _set_up(stage)
        else:
            community = await Community.existing(stage.client)
            closed = await community.closed(setting.times.period_id)
        _tell(setting, closed)
        if once:
            check_against_settle(setting.root, closed, setting.times.period_id)
            say("script/settle agrees with the invoices to the cent.")
            return
        say("Live; Ctrl-C stops everything.")
        with suppress(asyncio.CancelledError):
            await go_on(community, SONNHALDE)


async def _main(setting: Setting, *, once: bool, afresh: bool) -> int:
    task = asyncio.ensure_future(_play(setting, once=once, afresh=afresh))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        say("Interrupted.")
        return 130
    except Exception as err:
        print(f"\nThe last lines of Home Assistant's log:\n{last_lines(setting)}\n")
        if not isinstance(err, DemoError):
            raise
        say(f"Failed. {err}")
        return 1
    return 0


def main() -> int:
    """Play the demonstration and return the exit code."""
    arguments = _arguments()
    folder = arguments.folder.resolve()
    try:
        if arguments.keep:
            setting = load(ROOT, folder)
        else:
            delete(folder)
            if arguments.delete:
                say(f"{folder} is deleted.")
                return 0
            setting = _new_setting(arguments)
    except DemoError as err:
        say(f"Failed. {err}")
        return 1
    return asyncio.run(_main(setting, once=arguments.once, afresh=not arguments.keep))


if __name__ == "__main__":
    sys.exit(main())
