"""What allocations, stock and kits bring to a need beside the gifts that were given to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.db import connection

from aid.models import StockItem
from campaigns.models import NeedItem
from campaigns.need_progress import Part
from campaigns.need_units import unit_key
from core.text import search_key


def is_counted_in(unit: str, wanted: NeedItem) -> bool:
    """Whether so much of this unit is so much of the item."""
    return unit_key(unit) == unit_key(wanted.unit)


def answered(item: StockItem, wanted: Iterable[NeedItem]) -> NeedItem | None:
    """Which of the wanted items a kind of goods is, by any of its names and in its own unit; None where it is none."""
    names = {search_key(name) for name in (item.name, *item.aliases.split("،")) if name.strip()}
    unit = str(item.get_unit_display())
    return next((row for row in wanted if search_key(row.item) in names and is_counted_in(unit, row)), None)


def from_here(need_ids: Sequence[int]) -> Iterator[Part]:
    """Of these needs, one question:

    - money of other pools that allocations hold for them or for their kits;
    - goods that were brought for them and lie in a warehouse, are between two, or in packed kits that have not left;
    - goods and kits that reached their people: a kit as the item it is, and what is in it as the items it answers, but
      for what a partner gave on the spot (promises count that). What gifts of money paid of kits is money already.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"needs": list(need_ids)})
        for need_id, item_id, rial, quantity, paid in cursor.fetchall():
            yield Part(need_id, rial=rial, item_id=item_id, quantity=quantity, paid_rial=paid)


_SQL = """
WITH handed AS (
    SELECT g.id, g.need_id, g.need_item_id, g.quantity, g.batch_id, b.count
      FROM aid_goodsdelivery g LEFT JOIN aid_kitbatch b ON b.id = g.batch_id
     WHERE g.need_id = ANY(%(needs)s) AND g.undone_at IS NULL),
parts (need, item, rial, quantity, paid) AS (
    SELECT a.need_id, NULL::bigint, a.held_rial, 0::numeric, 0::bigint
      FROM aid_allocation a JOIN aid_pool p ON p.id = a.pool_id
     WHERE a.need_id = ANY(%(needs)s) AND a.held_rial > 0 AND p.need_id IS DISTINCT FROM a.need_id
     UNION ALL
    SELECT b.need_id, NULL, a.held_rial, 0, 0
      FROM aid_kitbatch b JOIN aid_batchline l ON l.batch_id = b.id JOIN aid_kitfunding f ON f.line_id = l.id
      JOIN aid_allocation a ON a.funding_id = f.id JOIN aid_pool p ON p.id = a.pool_id
     WHERE b.need_id = ANY(%(needs)s) AND a.held_rial > 0 AND p.need_id IS DISTINCT FROM b.need_id
     UNION ALL
    SELECT need_id, need_item_id, 0, quantity, 0 FROM handed WHERE need_item_id IS NOT NULL
     UNION ALL
    SELECT h.need_id, l.need_item_id, 0, (l.quantity - coalesce(s.quantity, 0)) * h.quantity / h.count, 0
      FROM handed h JOIN aid_batchline l ON l.batch_id = h.batch_id AND l.need_item_id IS NOT NULL
      LEFT JOIN LATERAL (
        SELECT sum(f.quantity) AS quantity FROM aid_kitfunding f
          JOIN partnerships_commitment c ON c.id = f.commitment_id AND c.need_item_id = l.need_item_id
         WHERE f.line_id = l.id AND f.is_active AND EXISTS (
            SELECT 1 FROM partnerships_promisedelivery d
             WHERE d.commitment_id = c.id AND d.form = 'direct' AND d.state = 'confirmed')) s ON true
     UNION ALL
    SELECT h.need_id, coalesce(l.need_item_id, h.need_item_id), 0, 0, d.amount_rial - d.borne_rial
      FROM handed h JOIN aid_delivery d ON d.goods_id = h.id AND d.undone_at IS NULL
      JOIN aid_allocation a ON a.id = d.allocation_id JOIN aid_kitfunding f ON f.id = a.funding_id
      JOIN aid_batchline l ON l.id = f.line_id
     WHERE coalesce(l.need_item_id, h.need_item_id) IS NOT NULL
     UNION ALL
    SELECT i.need_id, i.id, 0, l.quantity, 0
      FROM campaigns_needitem i JOIN aid_lot l ON l.need_item_id = i.id
     WHERE i.need_id = ANY(%(needs)s) AND l.quantity > 0
     UNION ALL
    SELECT i.need_id, i.id, 0, t.quantity, 0
      FROM campaigns_needitem i JOIN aid_lot l ON l.need_item_id = i.id JOIN aid_transferline t ON t.lot_id = l.id
      JOIN aid_transfer x ON x.id = t.transfer_id AND x.state = 'sent'
     WHERE i.need_id = ANY(%(needs)s)
     UNION ALL
    SELECT i.need_id, i.id, 0, -m.quantity * (b.count - b.handed_over) / b.count, 0
      FROM campaigns_needitem i JOIN aid_lot l ON l.need_item_id = i.id
      JOIN aid_stockmove m ON m.lot_id = l.id AND m.kind = 'to_kit'
      JOIN aid_kitbatch b ON m.reference = 'kit_batch:' || b.id AND b.need_id = i.need_id
     WHERE i.need_id = ANY(%(needs)s))
SELECT need, item, sum(rial)::bigint, floor(round(sum(quantity), 3))::bigint, sum(paid)::bigint
  FROM parts GROUP BY need, item
"""
