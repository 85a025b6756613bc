"""What must be true of promises: added up from what came, proved by gifts that stand, within what was signed."""

from core.invariants import invariant, violations


@invariant("promises: what came of each is what its confirmed deliveries say, and its plan is the promise")
def promises_add_up():
    yield from violations(
        """SELECT c.id, c.delivered, coalesce(d.sum, 0) AS said, c.quantity, c.state
             FROM partnerships_commitment c
             LEFT JOIN (SELECT commitment_id, sum(quantity) FROM partnerships_promisedelivery
                         WHERE state = 'confirmed' GROUP BY 1) d ON d.commitment_id = c.id
            WHERE c.delivered <> coalesce(d.sum, 0)
               OR c.state = 'kept' AND c.measure <> 'words' AND c.delivered < c.quantity""",
        "promise {id} ({state}) of {quantity} says {delivered}, its deliveries say {said}",
    )
    yield from violations(
        """SELECT c.id, c.quantity, coalesce(sum(i.quantity), 0) AS planned, coalesce(max(i.reaches), 0) AS reaches
             FROM partnerships_commitment c LEFT JOIN partnerships_instalment i ON i.commitment_id = c.id
            GROUP BY c.id
           HAVING coalesce(sum(i.quantity), 0) <> c.quantity OR coalesce(max(i.reaches), 0) <> c.quantity""",
        "promise {id} of {quantity} is planned as {planned}, reaching {reaches}",
    )


@invariant("promises: every delivery has two people and a proof that still stands, which proves no other")
def deliveries_are_proved():
    yield from violations(
        """SELECT d.id FROM partnerships_promisedelivery d
            WHERE d.state = 'confirmed' AND (d.decided_by_id IS NULL OR d.decided_by_id = d.recorded_by_id)""",
        "delivery {id} was confirmed by whoever wrote it",
    )
    yield from violations(
        """SELECT d.id, g.tracking_code, g.status, g.amount_rial, d.quantity FROM partnerships_promisedelivery d
             JOIN donations_donation g ON g.id = d.donation_id
            WHERE d.state = 'confirmed' AND (g.status <> 'received' OR g.amount_rial <> d.quantity)""",
        "delivery {id} of {quantity} rial rests on gift {tracking_code} ({status}) of {amount_rial}",
    )
    yield from violations(
        """SELECT count(*) AS times, coalesce('gift ' || donation_id, 'goods ' || goods_id) AS proof
             FROM partnerships_promisedelivery
            WHERE state IN ('waiting', 'confirmed') AND (donation_id IS NOT NULL OR goods_id IS NOT NULL)
            GROUP BY donation_id, goods_id HAVING count(*) > 1""",
        "{proof} proves {times} deliveries",
    )


@invariant("promises: shares and promises of a memorandum's item are no more than the item")
def items_hold():
    return violations(
        """SELECT i.id, i.target, coalesce(s.sum, 0) AS split, coalesce(c.sum, 0) AS promised
             FROM partnerships_agreementitem i
             LEFT JOIN (SELECT item_id, sum(quantity) FROM partnerships_itemshare GROUP BY 1) s ON s.item_id = i.id
             LEFT JOIN (SELECT item_id, sum(CASE state WHEN 'dropped' THEN delivered ELSE quantity END)
                          FROM partnerships_commitment WHERE item_id IS NOT NULL GROUP BY 1) c ON c.item_id = i.id
            WHERE coalesce(s.sum, 0) > i.target OR coalesce(c.sum, 0) > i.target""",
        "item {id} of {target}: split {split}, promised {promised}",
    )
