"""What of allocations, deliveries and goods the hash chain takes in. Numbers stand in it and are never given anew."""

from ledger.row_seals import SealedKind, moment, register

register(
    SealedKind(
        10,
        "allocation",
        "aid_allocation",
        (
            "id", "pool_id", "amount_rial", "purpose", "need_id", "programme", "province_id", "county_id",
            "attribution", "chosen", "intention", "moved_because", "proposed_by_id", moment("proposed_at"),
        ),
    ),
    SealedKind(
        11,
        "decision",
        "aid_allocation",
        ("id", "state = 'refused'", "decided_by_id", "decision_reason", moment("decided_at")),
        "decided_at IS NOT NULL",
    ),
    SealedKind(
        12,
        "cancellation",
        "aid_allocation",
        ("id", "cancelled_by_id", "cancel_reason", moment("cancelled_at")),
        "cancelled_at IS NOT NULL",
    ),
    SealedKind(
        13,
        "share",
        "aid_allocationshare",
        ("id", "allocation_id", "donation_id", "amount_rial", moment("at")),
    ),
    SealedKind(
        14,
        "delivery",
        "aid_delivery",
        (
            "id", "allocation_id", "amount_rial", "form", "what", "quantity", "unit", "households", "province_id",
            "county_id", "to_char(delivered_on, 'YYYY-MM-DD')", "first_signatory", "second_signatory",
            "minutes_number", "photo_digest", "recorded_by_id", moment("recorded_at"),
        ),
    ),
    SealedKind(
        15,
        "undoing",
        "aid_delivery",
        ("id", "undone_by_id", "undo_reason", moment("undone_at")),
        "undone_at IS NOT NULL",
    ),
    SealedKind(
        16,
        "delivered share",
        "aid_deliveryshare",
        ("id", "delivery_id", "allocation_id", "donation_id", "amount_rial", moment("at")),
    ),
    SealedKind(
        17,
        "receiving case",
        "aid_deliveryreference",
        ("id", "delivery_id", "allocation_id", "reference_hash", "again_because"),
    ),
    SealedKind(
        18,
        "stock move",
        "aid_stockmove",
        ("id", "lot_id", "kind", "cause", "quantity", "value_rial", "reference", "note", "actor_id", moment("at")),
    ),
    SealedKind(
        19,
        "kit allocation",
        "aid_allocation",
        ("id", "funding_id"),
        "funding_id IS NOT NULL",
    ),
    SealedKind(
        20,
        "goods delivery",
        "aid_goodsdelivery",
        (
            "id", "warehouse_id", "batch_id", "item_id", "quantity", "unit", "purpose", "need_id", "need_item_id",
            "value_rial", "households", "county_id", "to_char(delivered_on, 'YYYY-MM-DD')", "first_signatory",
            "second_signatory", "minutes_number", "recorded_by_id", moment("recorded_at"),
        ),
    ),
    SealedKind(
        21,
        "goods undoing",
        "aid_goodsdelivery",
        ("id", "undone_by_id", "undo_reason", moment("undone_at")),
        "undone_at IS NOT NULL",
    ),
    SealedKind(
        23,
        "goods photo",
        "aid_goodsdelivery",
        ("id", "photo_digest"),
        "photo_path <> ''",
    ),
    SealedKind(
        22,
        "goods case",
        "aid_goodsreference",
        ("id", "delivery_id", "reference_hash", "again_because"),
    ),
)  # fmt: skip
