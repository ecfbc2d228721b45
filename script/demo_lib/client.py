"""Home Assistant's own interfaces, used the way its pages use them."""

import asyncio
from collections.abc import Mapping
from secrets import token_hex
from typing import Any, Self

from aiohttp import ClientError, ClientSession, ClientTimeout, WSMessageTypeError

from .progress import DemoError, wait_until

type Json = Any
"""What Home Assistant answers: JSON, of a shape that the caller knows."""

_FLOWS = "/api/config/config_entries"


class RefusedError(DemoError):
    """Home Assistant refused something; the text is its own."""


class Client:
    """A logged-in user.

    Every websocket command has a connection of its own, so that a restart of Home
    Assistant in between costs nothing but the wait for it.
    """

    def __init__(self, url: str) -> None:
        """Say where Home Assistant is."""
        self.url = url
        self._session: ClientSession | None = None
        self._token = ""

    async def __aenter__(self) -> Self:
        """Open."""
        self._session = ClientSession(timeout=ClientTimeout(total=300))
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Close."""
        if self._session is not None:
            await self._session.close()

    @property
    def _http(self) -> ClientSession:
        if self._session is None:
            raise RuntimeError("The client is used outside of its context")
        return self._session

    async def rest(
        self,
        method: str,
        path: str,
        json: object = None,
        *,
        form: Mapping[str, str] | None = None,
    ) -> Json:
        """Send a request and return the JSON answer.

        Raises RefusedError with what Home Assistant answered instead.
        """
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        async with self._http.request(
            method, self.url + path, json=json, data=form, headers=headers
        ) as response:
            if response.status >= 400:
                text = await response.text()
                raise RefusedError(f"{method} {path}: {response.status} {text}")
            return await response.json()

    async def command(self, kind: str, **fields: object) -> Json:
        """Send one websocket command and return its result.

        Raises RefusedError with Home Assistant's message.
        """
        url = f"{self.url}/api/websocket"
        async with self._http.ws_connect(url, max_msg_size=0) as socket:
            await socket.receive_json()
            await socket.send_json({"type": "auth", "access_token": self._token})
            if (answer := await socket.receive_json())["type"] != "auth_ok":
                raise RefusedError(f"{kind}: {answer.get('message')}")
            await socket.send_json({"id": 1, "type": kind, **fields})
            answer = await socket.receive_json()
            while answer["type"] != "result":
                answer = await socket.receive_json()
        if not answer["success"]:
            raise RefusedError(f"{kind}: {answer['error']['message']}")
        return answer["result"]

    async def create_owner(self, name: str, password: str) -> None:
        """Create the first user of a new Home Assistant, and log in."""
        owner = {
            "client_id": f"{self.url}/",
            "language": "en",
            "name": name.capitalize(),
            "username": name,
            "password": password,
        }
        answer = await self.rest("POST", "/api/onboarding/users", owner)
        await self._use_code(answer["auth_code"])

    async def log_in(self, name: str, password: str) -> None:
        """Log in as a user that exists."""
        start = {
            "client_id": f"{self.url}/",
            "handler": ["homeassistant", None],
            "redirect_uri": f"{self.url}/",
        }
        flow = await self.rest("POST", "/auth/login_flow", start)
        login = {
            "client_id": f"{self.url}/",
            "username": name,
            "password": password,
        }
        answer = await self.rest("POST", f"/auth/login_flow/{flow['flow_id']}", login)
        if answer["type"] != "create_entry":
            raise RefusedError(f"Login as {name}: {answer.get('errors')}")
        await self._use_code(answer["result"])

    async def _use_code(self, code: str) -> None:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": f"{self.url}/",
        }
        tokens = await self.rest("POST", "/auth/token", form=form)
        self._token = tokens["access_token"]
        # That one lasts for half an hour only. The other kind needs a name of its own.
        self._token = await self.command(
            "auth/long_lived_access_token",
            client_name=f"Demonstration {token_hex(4)}",
            lifespan=30,
        )

    async def answering(self, *, seconds: float = 120) -> None:
        """Wait until Home Assistant takes its first user or a login."""

        async def is_answering() -> bool:
            try:
                await self.rest("GET", "/manifest.json")
            except ClientError, RefusedError:
                return False
            return True

        await wait_until("Home Assistant answers", is_answering, seconds=seconds)

    async def running(self, *, seconds: float = 120) -> None:
        """Wait until Home Assistant has started completely."""

        async def is_running() -> bool:
            try:
                config = await self.command("get_config")
            except ClientError, WSMessageTypeError, OSError:
                return False
            return bool(config["state"] == "RUNNING")

        await wait_until("Home Assistant is running", is_running, seconds=seconds)

    async def flow(
        self,
        handler: str | list[str],
        *steps: dict[str, Any],
        kind: str = "flow",
        subentry_id: str | None = None,
    ) -> Json:
        """Go through a flow, giving each step its fields; return what it created.

        `kind` is `flow`, `subentries/flow` or `options/flow`; with `subentry_id` that
        subentry is changed. Raises RefusedError when a form comes back with errors, or
        more or fewer steps are wanted.
        """
        start = {"handler": handler}
        if subentry_id is not None:
            start["subentry_id"] = subentry_id
        answer = await self.rest("POST", f"{_FLOWS}/{kind}", start)
        for fields in steps:
            if answer["type"] not in ("form", "menu"):
                break
            path = f"{_FLOWS}/{kind}/{answer['flow_id']}"
            answer = await self.rest("POST", path, fields)
            if answer.get("errors"):
                step = answer.get("step_id")
                raise RefusedError(f"{handler}, step {step}: {answer['errors']}")
        is_changed = answer.get("reason") == "reconfigure_successful"
        if answer["type"] != "create_entry" and not is_changed:
            raise RefusedError(
                f"{handler}: {answer['type']} {answer.get('step_id')} "
                f"{answer.get('reason', '')}"
            )
        return answer

    async def action(self, domain: str, name: str, **data: object) -> Json:
        """Perform an action and return its response."""
        result = await self.command(
            "call_service",
            domain=domain,
            service=name,
            service_data=data,
            return_response=True,
        )
        return result["response"]

    async def tell(self, domain: str, name: str, **data: object) -> None:
        """Perform an action that has nothing to answer."""
        await self.command(
            "call_service", domain=domain, service=name, service_data=data
        )

    async def states(self) -> dict[str, dict[str, Any]]:
        """Return all states by entity id."""
        return {
            state["entity_id"]: state for state in await self.rest("GET", "/api/states")
        }

    async def entities(self, platform: str) -> list[dict[str, Any]]:
        """Return a platform's entities as the registry has them."""
        entities = await self.command("config/entity_registry/list")
        return [entity for entity in entities if entity["platform"] == platform]

    async def recorded(self) -> None:
        """Wait until the recorder has written all that was handed to it."""

        async def is_idle() -> bool:
            info = await self.command("recorder/info")
            return bool(info["recording"] and info["backlog"] == 0)

        # What was handed over a moment ago shows in the backlog a moment later.
        await asyncio.sleep(0.5)
        await wait_until("the recorder has caught up", is_idle, seconds=300)
