"""How a community's books may change.

Each function takes a state and returns the next one, or raises `CommitmentError` and
thereby changes nothing. One rule stands behind all of them: what a closed period used
stays as it was, so a change must take effect on a day that has not been billed.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TypedDict

from .agreements import Agreement, AgreementError, Party, check_agreements
from .commitment_checks import (
    require_all_counted,
    require_one_participant,
    require_open,
    require_tariff,
    require_unbilled,
    require_unshared,
    require_whole,
)
from .commitments import ClosedPeriod, CommitmentError, Commitments
from .dated import end_of, with_version
from .tariffs import Tariff, TariffVersion
from .vat import NO_VAT, Vat


class Agreed(TypedDict, total=False):
    """What may be agreed with an occupant besides the tariff."""

    weight: Decimal | None
    vat: Vat
    invoice: str


class AgreedFromDay(Agreed, total=False):
    """The same with a new one, whose part of the house may be another."""

    factor: Decimal


def with_new_house(
    books: Commitments, joins: date, weight: Decimal | None = None
) -> Commitments:
    """Count one house more, beyond any that the agreements know.

    The share that is agreed with its first occupant must fit those of the others.
    """
    require_unshared(books, joins)
    if weight is not None:
        newcomer = Agreement(
            house_id="",
            participant=Party(name=""),
            tariff_id="",
            first=joins,
            weight=weight,
        )
        require_whole(replace(books, agreements=(*books.agreements, newcomer)))
    known = (a.house_id.rpartition("_")[2] for a in books.agreements)
    numbers = (int(number) for number in known if number.isdecimal())
    return replace(books, last_house=max(books.last_house, *numbers, 0) + 1)


def with_tariff_version(
    books: Commitments, tariff_id: str, version: TariffVersion
) -> Commitments:
    """Add a version of a tariff, or replace one that nothing was billed with."""
    known = books.tariffs.get(tariff_id)
    others = known.versions if known else ()
    end = end_of(others, version)
    for closed in books.closed_within(version.valid_from, end):
        if tariff_id in closed.tariffs:
            raise CommitmentError(
                "tariff_version_used",
                tariff=tariff_id,
                valid_from=version.valid_from.isoformat(),
                period=closed.period.period_id,
            )
    tariff = Tariff(tariff_id, with_version(others, version))
    return replace(books, tariffs={**books.tariffs, tariff_id: tariff})


def with_agreement(books: Commitments, agreement: Agreement) -> Commitments:
    """Add an agreement on days that nobody is billed for yet."""
    require_tariff(books, agreement.tariff_id)
    require_open(books, agreement.house_id, agreement.first)
    number = len(books.agreements_of(agreement.house_id)) + 1
    named = replace(agreement, agreement_id=f"{agreement.house_id}_{number}")
    return _with_agreements(books, (*books.agreements, named), named)


def with_change_of_occupant(
    books: Commitments,
    house_id: str,
    first: date,
    participant: Party,
    tariff_id: str,
    weight: Decimal | None = None,
    vat: Vat = NO_VAT,
    invoice: str = "",
    factor: Decimal = Decimal(1),
) -> Commitments:
    """Let a new participant have a house from a day on, and end who has it then.

    An agreement that already begins later stays, and ends the new one; so does the
    day on which the house leaves.
    """
    own = books.agreements_of(house_id)
    ends = (*(a.first for a in own), *books.left.get(house_id, ()))
    later = [day for day in ends if day > first]
    agreements = tuple(
        replace(a, end=first) if a in own and a.covers(first) else a
        for a in books.agreements
    )
    newcomer = Agreement(
        house_id=house_id,
        participant=participant,
        tariff_id=tariff_id,
        first=first,
        end=min(later, default=None),
        weight=weight,
        vat=vat,
        invoice=invoice,
        factor=factor,
    )
    if any(a.first == first for a in own):
        raise CommitmentError(
            "agreement_overlaps", house=house_id, first=first.isoformat()
        )
    return with_agreement(replace(books, agreements=agreements), newcomer)


def with_corrected_agreement(
    books: Commitments,
    agreement_id: str,
    participant: Party,
    tariff_id: str,
    weight: Decimal | None = None,
    vat: Vat = NO_VAT,
    invoice: str = "",
) -> Commitments:
    """Correct who is billed and how; issued invoices keep what they said."""
    require_tariff(books, tariff_id)
    if agreement_id not in {a.agreement_id for a in books.agreements}:
        raise CommitmentError("agreement_unknown", agreement=agreement_id)
    agreements = tuple(
        replace(
            a,
            participant=participant,
            tariff_id=tariff_id,
            weight=weight,
            vat=vat,
            invoice=invoice,
        )
        if a.agreement_id == agreement_id
        else a
        for a in books.agreements
    )
    following = replace(books, agreements=agreements)
    require_whole(following)
    require_one_participant(following)
    return following


def with_closed_period(
    books: Commitments, closed: ClosedPeriod, *, year: int
) -> Commitments:
    """Enter an issued period and the numbers it used."""
    require_unbilled(books, closed.period)
    sequence = books.last_sequence.get(year, 0) + len(closed.invoices)
    return replace(
        books,
        closed=tuple(sorted((*books.closed, closed), key=lambda c: c.period)),
        last_sequence={**books.last_sequence, year: sequence},
    )


def _with_agreements(
    books: Commitments, agreements: Iterable[Agreement], newest: Agreement
) -> Commitments:
    try:
        ordered = check_agreements(agreements)
    except AgreementError as err:
        raise CommitmentError(
            "agreement_overlaps",
            house=newest.house_id,
            first=newest.first.isoformat(),
        ) from err
    following = replace(books, agreements=ordered)
    require_whole(following)
    require_all_counted(following)
    require_one_participant(following)
    return following
