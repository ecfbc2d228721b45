"""That a change of the books was refused, for people to read."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Self

from homeassistant.exceptions import ServiceValidationError

from .billing.commitments import CommitmentError
from .const import DOMAIN

NO_NAMES: Mapping[str, str] = MappingProxyType({})


class BooksError(ServiceValidationError):
    """A change of the books was refused; nothing has changed."""

    def __init__(
        self, error: CommitmentError, names: Mapping[str, str] = NO_NAMES
    ) -> None:
        """Translate the rule that was broken; `names` are those of houses, by id."""
        details = error.details
        if "house" in details:
            details = {
                **details,
                "house": names.get(details["house"], details["house"]),
            }
        super().__init__(
            translation_domain=DOMAIN,
            translation_key=error.code,
            translation_placeholders=details,
        )

    @classmethod
    def of(cls, code: str, **details: str) -> Self:
        """Refuse something that has to do with the books."""
        return cls(CommitmentError(code, **details))
