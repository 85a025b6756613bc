"""What of receipts and of received goods the hash chain takes in. Numbers stand in it and are never given anew."""

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
    SealedKind(
        3,
        "gift in kind",
        "donations_giftinkind",
        ("id", "tracking_code", "office_id", "fund_id", "donation_id", moment("offered_at")),
        "state = 'received'",
    ),
    SealedKind(
        4,
        "given goods",
        "donations_givengoods",
        (
            "id", "gift_id", "item_code", "name", "quantity", "unit", "condition", "to_char(expires_on, 'YYYY-MM-DD')",
            "value_rial", "appraised_by", "appraised_how",
        ),
        "EXISTS (SELECT 1 FROM donations_giftinkind g WHERE g.id = gift_id AND g.state = 'received')",
    ),
)  # fmt: skip
