"""How what a community tells beside its bills may change in the books."""

from dataclasses import replace

from .benefits import BenefitVersion
from .commitment_checks import require_unused
from .commitments import Commitments
from .dated import with_version


def with_benefits(books: Commitments, version: BenefitVersion) -> Commitments:
    """Tell that from a day on.

    A version of the same day is replaced. Days of a closed period stay as they were
    told.
    """
    require_unused(books, books.benefits, version, "benefits_used")
    return replace(books, benefits=with_version(books.benefits, version))
