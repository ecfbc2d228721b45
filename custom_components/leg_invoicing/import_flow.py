"""Bring a file in, step by step: upload, say what it means, look, import.

The uploaded file is copied to one without a name, which is gone when it is closed,
whatever else happens, and is closed as soon as it has been read for good. Until a
person has seen what would change, nothing does.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import BinaryIO, override
from zoneinfo import ZoneInfo, available_timezones

from homeassistant.components.file_upload import process_uploaded_file
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant, callback
from homeassistant.data_entry_flow import AbortFlow
from homeassistant.exceptions import HomeAssistantError

from .community import points_of_entry
from .const import CONF_TIMEZONE, DOMAIN
from .formats import signals_csv
from .formats.collection import Collection
from .forms import Answers, form
from .ignored_points import ignore_points
from .import_forms import (
    FIELD_FILE,
    FIELD_FORMAT,
    IGNORE,
    UPLOAD_FIELDS,
    layout_answers,
    layout_changes,
    layout_fields,
    point_fields,
)
from .import_report import report
from .imports import async_effect, async_import, async_match, async_read
from .incoming import Incoming, Wishes, answer
from .loaded import async_loaded
from .signal_import_flow import SignalImportSteps
from .signal_imports import Said, async_read_signals

_HEAD_BYTES = 4096


class ImportSteps(SignalImportSteps):
    """The steps from a file to the ledger."""

    _content: BinaryIO | None = None
    """What was uploaded, for as long as it has to be read again."""
    _name = ""
    _found: Collection
    _mapping: Mapping[str, str]
    _incoming: Incoming
    _summary: dict[str, str]

    async def async_step_import(
        self, user_input: Answers | None = None
    ) -> ConfigFlowResult:
        """Ask for a file, and read it."""
        await async_loaded(self.config_entry)
        refusal = None
        if user_input is not None:
            try:
                go_on = await self._async_take(user_input)
            except HomeAssistantError as err:
                await self._async_forget()
                refusal = err
            else:
                return await go_on()
        return self.async_show_form(
            **form("import", UPLOAD_FIELDS, user_input or {}, refusal)
        )

    async def _async_take(
        self, answers: Answers
    ) -> Callable[[], Awaitable[ConfigFlowResult]]:
        """Read what was uploaded; return what comes next."""
        run = self.hass.async_add_executor_job
        self._name, content = await run(_taken, self.hass, answers[FIELD_FILE])
        self._content = content
        if await run(_is_signals, content):
            opened = partial(_rewound, content)
            values = await async_read_signals(
                self.hass, self.config_entry, self._name, opened
            )
            self._said = Said(name=self._name, values=values)
            await self._async_forget()
            return self.async_step_signals
        self._mapping = {}
        wishes = Wishes(format_name=answers.get(FIELD_FORMAT), only_look=True)
        self._found = await self._async_read(content, wishes)
        return (
            self.async_step_layout if self._found.layouts else self._async_read_for_good
        )

    async def async_step_layout(
        self, user_input: Answers | None = None
    ) -> ConfigFlowResult:
        """Show how a load profile would be read, and let it be put right."""
        refusal = None
        if len({tuple(names) for names in self._found.headers.values()}) > 1:
            return self.async_abort(reason="layouts_differ")
        (name, layout), *_ = self._found.layouts.items()
        header = self._found.headers[name]
        if user_input is not None and self._content is not None:
            try:
                changes = layout_changes(user_input, layout, header)
                formats = set(self._found.formats.values())
                only = next(iter(formats)) if len(formats) == 1 else None
                wishes = Wishes(format_name=only, layout=changes)
                self._found = await self._async_read(self._content, wishes)
            except HomeAssistantError as err:
                refusal = err
            else:
                return await self._async_read_for_good()
        timezones = await self.hass.async_add_executor_job(available_timezones)
        return self.async_show_form(
            **form(
                "layout",
                layout_fields(header, sorted(timezones)),
                user_input or layout_answers(layout),
                refusal,
                file=name,
                columns=" | ".join(header),
                time=" + ".join(header[column] for column in layout.time_columns),
                minutes=str(layout.minutes),
            )
        )

    async def async_step_points(
        self, user_input: Answers | None = None
    ) -> ConfigFlowResult:
        """Ask which houses the unknown points are."""
        if user_input is not None:
            self._mapping = {p: h for p, h in user_input.items() if h != IGNORE}
            await self._async_match()
            ignored = self._incoming.ignored.union(self._incoming.unknown)
            self._incoming = replace(self._incoming, ignored=ignored)
            return await self.async_step_preview()
        fields = point_fields(
            self._incoming.unknown, points_of_entry(self.config_entry)
        )
        return self.async_show_form(**form("points", fields, {}))

    async def async_step_preview(
        self, user_input: Answers | None = None
    ) -> ConfigFlowResult:
        """Show what the file holds and would change; import it when that is right."""
        entry = self.config_entry
        refusal = None
        if user_input is not None:
            try:
                written = await async_import(entry, self._incoming)
                ignore_points(self.hass, entry, self._incoming.left_out)
            except HomeAssistantError as err:
                refusal = err
            else:
                changed, allotted = written.changed, written.allotted
                self._summary |= {"changed": str(changed), "allotted": str(allotted)}
                return self.async_show_form(
                    **form("imported", {}, {}, None, **self._summary)
                )
        held = await self.hass.async_add_executor_job(answer, self.hass, self._incoming)
        effect = await async_effect(self.hass, entry, self._incoming)
        names = {point.point_id: point.name for point in points_of_entry(entry)}
        zone = ZoneInfo(entry.data[CONF_TIMEZONE])
        self._summary = report(held, effect, names, zone)
        return self.async_show_form(
            **form("preview", {}, {}, refusal, file=self._name, **self._summary)
        )

    async def async_step_imported(self, _: Answers | None = None) -> ConfigFlowResult:
        """End; what was imported has been shown."""
        return self.async_create_entry(data=dict(self.config_entry.options))

    async def _async_read(self, content: BinaryIO, wishes: Wishes) -> Collection:
        opened = partial(_rewound, content)
        return await async_read(
            self.hass, self.config_entry, self._name, opened, wishes
        )

    async def _async_read_for_good(self) -> ConfigFlowResult:
        """Go on with what was read, which the file is no longer needed for."""
        await self._async_forget()
        await self._async_match()
        if self._incoming.unknown:
            return await self.async_step_points()
        return await self.async_step_preview()

    async def _async_match(self) -> None:
        try:
            self._incoming = await async_match(
                self.hass, self.config_entry, self._name, self._found, self._mapping
            )
        except HomeAssistantError as err:
            raise AbortFlow(
                err.translation_key or "not_loaded", err.translation_placeholders
            ) from err

    @callback
    @override
    def async_remove(self) -> None:
        """Let go of what was uploaded, however the flow ended."""
        self.hass.async_create_task(self._async_forget())

    async def _async_forget(self) -> None:
        content, self._content = self._content, None
        if content is not None:
            await self.hass.async_add_executor_job(content.close)


def _taken(hass: HomeAssistant, file_id: str) -> tuple[str, BinaryIO]:
    """Take an uploaded file over; what was uploaded is gone then.

    Raises HomeAssistantError when it is not there (any more).
    """
    content = TemporaryFile()  # noqa: SIM115 - the flow closes it
    try:
        with process_uploaded_file(hass, file_id) as path:
            with path.open("rb") as uploaded:
                copyfileobj(uploaded, content)
            return path.name, content
    except (OSError, ValueError) as err:
        content.close()
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="upload_lost"
        ) from err


def _is_signals(content: BinaryIO) -> bool:
    with _rewound(content) as file:
        return signals_csv.is_signals(file.read(_HEAD_BYTES))


@contextmanager
def _rewound(content: BinaryIO) -> Iterator[BinaryIO]:
    content.seek(0)
    yield content
