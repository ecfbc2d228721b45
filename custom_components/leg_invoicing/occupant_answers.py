"""What the forms about a house's occupant and owner begin with."""

from .billing.agreements import Agreement
from .billing.rounding import EXACT
from .books import Books
from .const import (
    CONF_ADDRESS,
    CONF_EMAIL,
    CONF_FACTOR,
    CONF_IBAN,
    CONF_INVOICE,
    CONF_LANGUAGE,
    CONF_OWNER_ADDRESS,
    CONF_OWNER_NAME,
    CONF_TARIFF,
    CONF_WEIGHT,
)
from .forms import FIELD_PARTICIPANT_NAME, Answers
from .supplier_vat import supplier_vat_answers


def participant_answers(_: Books, agreement: Agreement, __: Answers) -> Answers:
    """Return an agreement the way a form shows it."""
    participant, weight = agreement.participant, agreement.weight
    return {
        FIELD_PARTICIPANT_NAME: participant.name,
        CONF_ADDRESS: "\n".join(participant.address),
        CONF_EMAIL: participant.email,
        CONF_LANGUAGE: participant.language,
        CONF_IBAN: participant.iban,
        **supplier_vat_answers(agreement.vat, participant.vat_number),
        CONF_TARIFF: agreement.tariff_id,
        CONF_WEIGHT: None if weight is None else float(weight.scaleb(2, EXACT)),
        CONF_INVOICE: agreement.invoice or None,
    }


def owner_answers(books: Books, agreement: Agreement, newcomer: Answers) -> Answers:
    """Return a house's owner the way a form shows one."""
    owner = books.commitments.owners.get(agreement.house_id)
    if owner is None:
        return {**newcomer, CONF_TARIFF: agreement.tariff_id}
    return {
        CONF_OWNER_NAME: owner.party.name,
        CONF_OWNER_ADDRESS: "\n".join(owner.party.address),
        CONF_EMAIL: owner.party.email,
        CONF_LANGUAGE: owner.party.language,
        CONF_IBAN: owner.party.iban,
        **supplier_vat_answers(owner.vat, owner.party.vat_number),
        CONF_TARIFF: owner.tariff_id or agreement.tariff_id,
        CONF_INVOICE: owner.invoice or None,
    }


def newcomer_answers(_: Books, agreement: Agreement, newcomer: Answers) -> Answers:
    """Return what a new occupant's form shows: as much takes part as before."""
    return {**newcomer, CONF_FACTOR: float(agreement.factor.scaleb(2, EXACT))}
