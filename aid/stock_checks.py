"""What must be true of goods: lots are their moves, accounts are their lots, kits are paid for and no more."""

from core.invariants import invariant, violations


@invariant("aid: every lot holds the sum of its moves and none is below zero")
def lots_are_their_moves():
    return violations(
        """SELECT l.id, l.quantity, l.value_rial, m.quantity AS moved, m.rial FROM aid_lot l
             LEFT JOIN LATERAL (SELECT coalesce(sum(quantity), 0) AS quantity,
                                       coalesce(sum(value_rial), 0) AS rial
                                  FROM aid_stockmove WHERE lot_id = l.id) m ON true
            WHERE l.quantity <> m.quantity OR l.value_rial <> m.rial OR l.quantity < 0 OR l.value_rial < 0""",
        "lot {id} holds {quantity} worth {value_rial}, its moves {moved} worth {rial}",
    )


@invariant("aid: the account of each warehouse is worth what lies in it")
def accounts_are_lots():
    return violations(
        """SELECT code, sum(lots)::bigint AS lots, sum(booked)::bigint AS booked FROM (
               SELECT 'stock:' || warehouse_id AS code, value_rial AS lots, 0 AS booked FROM aid_lot
                UNION ALL
               SELECT 'kits:' || warehouse_id, value_rial, 0 FROM aid_kitbatch
                UNION ALL
               SELECT 'stock:transit', l.value_rial, 0 FROM aid_transferline l
                 JOIN aid_transfer t ON t.id = l.transfer_id AND t.state = 'sent'
                UNION ALL
               SELECT a.code, 0, p.amount_rial FROM ledger_posting p
                 JOIN ledger_account a ON a.id = p.account_id
                      AND (a.code LIKE 'stock:%%' OR a.code LIKE 'kits:%%')) x
            GROUP BY code HAVING sum(lots) <> sum(booked)""",
        "{code}: goods worth {lots} rial, booked {booked}",
    )


@invariant("aid: goods of every received gift in kind are in stock, with its quantity and value")
def given_goods_are_lots():
    return violations(
        """SELECT coalesce(i.gift_id, l.gift_id) AS gift, i.rial AS given, l.rial AS stocked FROM (
               SELECT gift_id, item_code, sum(quantity) AS quantity, sum(value_rial) AS rial
                 FROM donations_givengoods JOIN donations_giftinkind g ON g.id = gift_id AND g.state = 'received'
                GROUP BY 1, 2) i
             FULL JOIN (
               SELECT g.id AS gift_id, lot.item_id AS item_code, sum(m.quantity) AS quantity, sum(m.value_rial) AS rial
                 FROM aid_stockmove m JOIN aid_lot lot ON lot.id = m.lot_id
                 JOIN donations_giftinkind g ON m.reference = 'in_kind:' || g.id
                WHERE m.kind = 'intake' GROUP BY 1, 2) l
               ON l.gift_id = i.gift_id AND l.item_code = i.item_code
            WHERE i.quantity IS DISTINCT FROM l.quantity OR i.rial IS DISTINCT FROM l.rial""",
        "gift in kind {gift}: given {given} rial, stocked {stocked}",
    )


@invariant("aid: no item of a kit is paid for twice, and every packed one is paid for")
def kit_funding_adds_up():
    return violations(
        """SELECT b.id AS batch, l.item_id, l.quantity, coalesce(f.quantity, 0) AS paid FROM aid_batchline l
             JOIN aid_kitbatch b ON b.id = l.batch_id
             LEFT JOIN LATERAL (SELECT sum(quantity) AS quantity FROM aid_kitfunding
                                 WHERE line_id = l.id AND is_active) f ON true
            WHERE coalesce(f.quantity, 0) > l.quantity
               OR (b.state = 'assembled' AND coalesce(f.quantity, 0) <> l.quantity)""",
        "batch {batch}: {quantity} of {item_id} needed, {paid} paid for",
    )


@invariant("aid: goods packed in kits left the warehouse with their quantity and value")
def packed_goods_left_stock():
    return violations(
        """SELECT b.id AS batch, coalesce(f.quantity, 0) AS planned, coalesce(m.quantity, 0) AS taken,
                  coalesce(f.rial, 0) AS planned_rial, coalesce(m.rial, 0) AS taken_rial
             FROM aid_kitbatch b
             LEFT JOIN LATERAL (SELECT sum(f.quantity) AS quantity, sum(f.amount_rial) AS rial FROM aid_kitfunding f
                                  JOIN aid_batchline l ON l.id = f.line_id
                                 WHERE l.batch_id = b.id AND f.source = 'stock' AND f.is_active) f ON true
             LEFT JOIN LATERAL (SELECT -sum(quantity) AS quantity, -sum(value_rial) AS rial FROM aid_stockmove
                                 WHERE reference = 'kit_batch:' || b.id) m ON true
            WHERE b.state = 'assembled' AND (coalesce(f.quantity, 0) <> coalesce(m.quantity, 0)
                                             OR coalesce(f.rial, 0) <> coalesce(m.rial, 0))""",
        "batch {batch}: {planned} packed worth {planned_rial}, {taken} taken worth {taken_rial}",
    )


@invariant("aid: kits handed over are those that left, with their goods")
def hand_overs_add_up():
    return violations(
        """SELECT b.id, b.handed_over, coalesce(h.count, 0) AS count FROM aid_kitbatch b
             LEFT JOIN LATERAL (SELECT sum(count) AS count FROM aid_kithandover WHERE batch_id = b.id) h ON true
            WHERE b.handed_over <> coalesce(h.count, 0) OR (b.handed_over = b.count AND b.value_rial <> 0)""",
        "batch {id}: {handed_over} kits handed over, {count} written down",
    )
