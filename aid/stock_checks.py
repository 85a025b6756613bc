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


@invariant("aid: kits count on no more of a promise than was promised")
def promises_suffice():
    return violations(
        """SELECT f.commitment_id, sum(f.quantity) AS counted, c.quantity FROM aid_kitfunding f
             LEFT JOIN partnerships_commitment c ON c.id = f.commitment_id
            WHERE f.is_active AND f.commitment_id IS NOT NULL
            GROUP BY f.commitment_id, c.quantity HAVING sum(f.quantity) > coalesce(c.quantity, 0)""",
        "kits count on {counted} of promise {commitment_id}, which is {quantity}",
    )


@invariant("aid: goods left for people, and for kits, only for what they were given for")
def goods_keep_to_their_purpose():
    """The rules as they are today."""
    return violations(
        """SELECT m.id, l.fund_id, coalesce(g.purpose, k.purpose) AS purpose FROM aid_stockmove m
             JOIN aid_lot l ON l.id = m.lot_id JOIN campaigns_fund f ON f.code = l.fund_id
             LEFT JOIN aid_goodsdelivery g ON m.kind = 'issued' AND m.reference = 'goods_delivery:' || g.id
             LEFT JOIN aid_kitbatch b ON m.kind = 'to_kit' AND m.reference = 'kit_batch:' || b.id
             LEFT JOIN aid_kit k ON k.code = b.kit_id
            WHERE m.kind IN ('issued', 'to_kit')
              AND NOT coalesce(coalesce(g.purpose, k.purpose) = ANY(f.spendable_on), false)""",
        "move {id} of goods of fund {fund_id} was for {purpose}",
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
             LEFT JOIN LATERAL (SELECT sum(count) AS count FROM aid_kithandover
                                 WHERE batch_id = b.id AND undone_at IS NULL) h ON true
            WHERE b.handed_over <> coalesce(h.count, 0) OR (b.handed_over = b.count AND b.value_rial <> 0)""",
        "batch {id}: {handed_over} kits handed over, {count} written down",
    )


@invariant(
    "aid: goods received = in stock + on the way + in kits + given + lost, by fund and province and in all"
)
def no_goods_are_lost():
    """Gifts of goods on one side, the balances of the books on the other; what is not in one of them is in none."""
    return violations(
        """WITH gift AS (
               SELECT fund_id AS fund, coalesce(province_id, '') AS province, amount_rial
                 FROM donations_donation WHERE kind = 'in_kind' AND status = 'received'),
           given AS (
               SELECT fund, province, sum(amount_rial) AS rial FROM gift GROUP BY GROUPING SETS ((fund, province), ())),
           leg AS (
               SELECT d.fund_id AS fund, coalesce(d.province_id, '') AS province, p.amount_rial
                 FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id
                 JOIN ledger_dimension d ON d.id = p.dimension_id
                WHERE a.code LIKE 'stock:%%' OR a.code LIKE 'kits:%%'
                   OR a.code IN ('delivered:in_kind', 'expense:stock_loss')),
           held AS (
               SELECT fund, province, sum(amount_rial) AS rial FROM leg GROUP BY GROUPING SETS ((fund, province), ()))
           SELECT coalesce(g.fund, h.fund, 'all') AS fund, coalesce(g.province, h.province, 'all') AS province,
                  coalesce(g.rial, 0) AS given, coalesce(h.rial, 0) AS held
             FROM given g FULL JOIN held h
               ON coalesce(h.fund, '-') = coalesce(g.fund, '-')
              AND coalesce(h.province, '-') = coalesce(g.province, '-')
            WHERE coalesce(g.rial, 0) <> coalesce(h.rial, 0)""",
        "goods of fund {fund}, province '{province}': {given} rial given, {held} held, given on or lost",
    )


@invariant(
    "aid: cash in kits is set aside by allocations of its fund, no more than it costs, before it is bought"
)
def kit_cash_is_set_aside():
    return violations(
        """SELECT f.id, f.amount_rial, coalesce(a.rial, 0) AS rial, coalesce(a.other, 0) AS other FROM aid_kitfunding f
             LEFT JOIN LATERAL (
               SELECT sum(a.amount_rial) FILTER (WHERE a.state IN ('approved', 'delivered')) AS rial,
                      count(*) FILTER (WHERE p.fund_id <> f.fund_id AND a.state <> 'refused') AS other
                 FROM aid_allocation a JOIN aid_pool p ON p.id = a.pool_id WHERE a.funding_id = f.id) a ON true
            WHERE f.source = 'cash' AND f.is_active
              AND (coalesce(a.rial, 0) > f.amount_rial OR a.other > 0
                   OR (f.arrived_at IS NOT NULL AND coalesce(a.rial, 0) < f.amount_rial))""",
        "payment {id} for kits costs {amount_rial} rial, {rial} set aside, {other} allocations of another fund",
    )


@invariant(
    "aid: every delivery of goods left the warehouse, and no case stands in it more often than it says"
)
def goods_deliveries_left():
    return violations(
        """SELECT g.id, g.quantity, g.value_rial, coalesce(o.quantity, 0) AS gone, coalesce(o.rial, 0) AS rial,
                  c.cases, g.households
             FROM aid_goodsdelivery g
             LEFT JOIN LATERAL (
               SELECT sum(quantity) AS quantity, sum(rial) AS rial FROM (
                   SELECT h.count AS quantity, h.value_rial AS rial FROM aid_kithandover h
                    WHERE h.batch_id = g.batch_id AND h.reference = 'goods_delivery:' || g.id AND h.undone_at IS NULL
                    UNION ALL
                   SELECT -m.quantity, -m.value_rial FROM aid_stockmove m
                    WHERE g.batch_id IS NULL AND m.reference = 'goods_delivery:' || g.id) x) o ON true
             LEFT JOIN LATERAL (SELECT count(*) AS cases FROM aid_goodsreference r
                                 WHERE r.delivery_id = g.id AND r.is_active) c ON true
            WHERE coalesce(o.quantity, 0) <> CASE WHEN g.undone_at IS NULL THEN g.quantity ELSE 0 END
               OR coalesce(o.rial, 0) <> CASE WHEN g.undone_at IS NULL THEN g.value_rial ELSE 0 END
               OR c.cases <> CASE WHEN g.undone_at IS NULL THEN g.households ELSE 0 END""",
        "goods delivery {id} of {quantity} worth {value_rial}: {gone} left worth {rial}, {cases} of {households} cases",
    )
