"""Actions about what was measured."""

from homeassistant.core import SupportsResponse

from .action_fields import Action, fields
from .import_action import IMPORT_FIELDS, async_import_readings

ACTIONS = (
    Action(
        "import_readings",
        async_import_readings,
        fields(IMPORT_FIELDS),
        SupportsResponse.OPTIONAL,
    ),
)
