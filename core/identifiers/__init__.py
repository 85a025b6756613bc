"""Numbers that name a person, a card, an account or a line: checked, made one, masked.

Every `parse_…` takes what a person typed (digits of three scripts, spaces, dashes, invisible marks of
right-to-left copying), returns the stored form and raises DomainError with its code and no content.
A valid number says nothing about who owns it.
"""

from core.identifiers.bank import (
    CardFacts,
    describe_card,
    iban_bank_code,
    looks_reversed,
    mask_card,
    mask_iban,
    parse_card,
    parse_iban,
    show_iban,
)
from core.identifiers.lines import (
    dial_link,
    mask_mobile,
    parse_landline,
    parse_mobile,
    parse_ussd,
    show_mobile,
)
from core.identifiers.people import (
    mask_national_id,
    parse_legal_id,
    parse_national_id,
    parse_postal_code,
    postal_code_is_doubtful,
)

__all__ = [
    "CardFacts",
    "describe_card",
    "dial_link",
    "iban_bank_code",
    "looks_reversed",
    "mask_card",
    "mask_iban",
    "mask_mobile",
    "mask_national_id",
    "parse_card",
    "parse_iban",
    "parse_landline",
    "parse_legal_id",
    "parse_mobile",
    "parse_national_id",
    "parse_postal_code",
    "parse_ussd",
    "postal_code_is_doubtful",
    "show_iban",
    "show_mobile",
]
