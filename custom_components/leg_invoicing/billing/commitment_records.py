"""The books as a record that can be stored as JSON, and back."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import starmap
from typing import Any

from .agreements import Agreement, Owner, check_agreements
from .allocation import AllocationKey
from .benefits import BenefitVersion
from .benefits_written import benefit_version_from_written, written_benefit_version
from .calendar import parse_period
from .commitments import ClosedPeriod, Commitments, TariffChange
from .meters import Meter
from .meters_written import meter_from_written, written_meter
from .money import Money
from .records import Record, party_from_record, party_record
from .sharing_versions import PROPORTIONAL_SINCE_EVER, SharingVersion
from .tariff_record import VERSION_KEYS, version_from_written
from .tariff_written import written_version
from .tariffs import Tariff, TariffVersion
from .vat import NO_VAT, Vat
from .vat_written import vat_from_written, written_vat
from .written import Written

_ANY_MINUTE = 1
"""Where bands may begin was checked when they were entered."""


def commitments_record(books: Commitments) -> Record:
    """Return the books as JSON-ready data; prices are text, to stay exact."""
    return {
        "tariffs": {
            tariff_id: [written_version(v) for v in tariff.versions]
            for tariff_id, tariff in books.tariffs.items()
        },
        "tariff_changes": [_change_record(c) for c in books.tariff_changes],
        "agreements": [agreement_record(a) for a in books.agreements],
        "owners": {
            house_id: _owner_record(owner) for house_id, owner in books.owners.items()
        },
        "left": {
            house_id: [day.isoformat() for day in days]
            for house_id, days in books.left.items()
        },
        "sharing": [sharing_record(v) for v in books.sharing],
        "benefits": [written_benefit_version(v) for v in books.benefits],
        "meters": {m.meter_id: written_meter(m) for m in books.meters},
        "closed": [_closed_record(c) for c in books.closed],
        "last_sequence": {str(y): n for y, n in books.last_sequence.items()},
        "last_house": books.last_house,
        "last_meter": books.last_meter,
    }


def commitments_from_record(record: Mapping[str, Any]) -> Commitments:
    """Rebuild the books.

    Raises KeyError, TypeError or ValueError when the record is damaged.
    """
    return Commitments(
        tariffs={
            tariff_id: Tariff(tariff_id, tuple(map(version_from_record, versions)))
            for tariff_id, versions in record["tariffs"].items()
        },
        # Books of earlier versions have none, nor anything else that may be missing.
        tariff_changes=tuple(map(_change, record.get("tariff_changes", ()))),
        agreements=check_agreements(map(_agreement, record["agreements"])),
        owners={h: _owner(o) for h, o in record.get("owners", {}).items()},
        left={
            house_id: tuple(map(date.fromisoformat, days))
            for house_id, days in record.get("left", {}).items()
        },
        sharing=tuple(map(sharing_from_record, record["sharing"]))
        if "sharing" in record
        else PROPORTIONAL_SINCE_EVER,
        benefits=tuple(map(_benefits, record.get("benefits", ()))),
        closed=tuple(map(_closed, record["closed"])),
        last_sequence={int(y): n for y, n in record["last_sequence"].items()},
        last_house=record["last_house"],
        meters=tuple(starmap(_meter, record.get("meters", {}).items())),
        last_meter=record.get("last_meter", 0),
    )


def version_from_record(record: Mapping[str, Any]) -> TariffVersion:
    """Rebuild one version of a tariff; other keys of the record are not its own.

    Raises KeyError or ValueError when the record is not one of a version.
    """
    own = {key: record[key] for key in VERSION_KEYS if key in record}
    return version_from_written(Written(own), _ANY_MINUTE)


def _benefits(record: Mapping[str, Any]) -> BenefitVersion:
    return benefit_version_from_written(Written(record))


def _meter(meter_id: str, record: Mapping[str, Any]) -> Meter:
    return meter_from_written(meter_id, Written(record))


def _change_record(change: TariffChange) -> Record:
    return {
        "at": change.at.isoformat(),
        "user_id": change.user_id,
        "tariff": change.tariff_id,
        "valid_from": change.valid_from.isoformat(),
        "before": written_version(change.before) if change.before else None,
    }


def _change(record: Mapping[str, Any]) -> TariffChange:
    before = record["before"]
    return TariffChange(
        at=datetime.fromisoformat(record["at"]),
        user_id=record["user_id"],
        tariff_id=record["tariff"],
        valid_from=date.fromisoformat(record["valid_from"]),
        before=version_from_record(before) if before else None,
    )


def agreement_record(agreement: Agreement) -> Record:
    """Return an agreement."""
    return {
        "agreement_id": agreement.agreement_id,
        "house_id": agreement.house_id,
        "participant": party_record(agreement.participant),
        "tariff": agreement.tariff_id,
        "from": agreement.first.isoformat(),
        "to": agreement.end.isoformat() if agreement.end else None,
        "weight": None if agreement.weight is None else str(agreement.weight),
        "invoice": agreement.invoice,
        "vat": written_vat(agreement.vat),
        "factor": str(agreement.factor),
    }


def _agreement(record: Mapping[str, Any]) -> Agreement:
    return Agreement(
        agreement_id=record["agreement_id"],
        house_id=record["house_id"],
        participant=party_from_record(record["participant"]),
        tariff_id=record["tariff"],
        first=date.fromisoformat(record["from"]),
        end=date.fromisoformat(record["to"]) if record["to"] else None,
        # Agreements of earlier versions have none.
        weight=Decimal(record["weight"]) if record.get("weight") else None,
        invoice=record.get("invoice", ""),
        vat=_vat_of(record),
        factor=Decimal(record.get("factor", "1")),
    )


def _vat_of(record: Mapping[str, Any]) -> Vat:
    """Return a tax; those who were entered in earlier versions owe none."""
    return vat_from_written(Written(record["vat"])) if "vat" in record else NO_VAT


def _owner_record(owner: Owner) -> Record:
    return {
        "party": party_record(owner.party),
        "tariff": owner.tariff_id,
        "invoice": owner.invoice,
        "vat": written_vat(owner.vat),
    }


def _owner(record: Mapping[str, Any]) -> Owner:
    return Owner(
        party=party_from_record(record["party"]),
        tariff_id=record["tariff"],
        invoice=record["invoice"],
        vat=_vat_of(record),
    )


def sharing_record(version: SharingVersion) -> Record:
    """Return one version of a community's sharing."""
    return {
        "valid_from": version.valid_from.isoformat(),
        "allocation": str(version.allocation),
        "producers": str(version.producers),
        "weights": {house_id: str(w) for house_id, w in version.weights.items()},
        "order": list(version.order),
    }


def sharing_from_record(record: Mapping[str, Any]) -> SharingVersion:
    """Rebuild one version of a community's sharing."""
    return SharingVersion(
        valid_from=date.fromisoformat(record["valid_from"]),
        allocation=AllocationKey(record["allocation"]),
        producers=AllocationKey(record["producers"]),
        weights={h: Decimal(weight) for h, weight in record["weights"].items()},
        order=tuple(record["order"]),
    )


def _closed_record(closed: ClosedPeriod) -> Record:
    return {
        "period_id": closed.period.period_id,
        "closed_at": closed.closed_at.isoformat(),
        "file_name": closed.file_name,
        "sha256": closed.sha256,
        "invoices": {number: str(due.ct) for number, due in closed.invoices.items()},
        "tariffs": list(closed.tariffs),
        "houses": list(closed.houses),
        "accepted": list(closed.accepted),
        "user_id": closed.user_id,
        "context_id": closed.context_id,
    }


def _closed(record: Mapping[str, Any]) -> ClosedPeriod:
    return ClosedPeriod(
        period=parse_period(record["period_id"]),
        closed_at=datetime.fromisoformat(record["closed_at"]),
        file_name=record["file_name"],
        sha256=record["sha256"],
        invoices={
            number: Money(Decimal(ct)) for number, ct in record["invoices"].items()
        },
        tariffs=tuple(record["tariffs"]),
        houses=tuple(record["houses"]),
        accepted=tuple(record["accepted"]),
        user_id=record["user_id"],
        context_id=record["context_id"],
    )
