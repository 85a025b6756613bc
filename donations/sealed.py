"""What of a receipt the hash chain takes in."""

from ledger.row_seals import SealedKind, moment, register

register(
    SealedKind(
        1,
        "receipt",
        "donations_receipt",
        (
            "id", "donation_id", "serial", "token", "code", "bank_reference", "office_id", moment("issued_at"),
        ),
    ),
    SealedKind(
        2,
        "revocation",
        "donations_receipt",
        ("id", moment("revoked_at")),
        "revoked_at IS NOT NULL",
    ),
)  # fmt: skip
