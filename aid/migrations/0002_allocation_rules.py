"""What the database itself holds of allocations and deliveries: the fund firewall, facts that never change, shares
within their gifts, and the hash chain's queue."""

from django.db import migrations

FIREWALL = """
CREATE FUNCTION aid_firewall() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    pool aid_pool; fund campaigns_fund; wanted campaigns_need; own campaigns_need; taken text[]; rule text; moves bool;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'proposed' THEN
            RAISE EXCEPTION 'an allocation begins as a proposal' USING ERRCODE = 'restrict_violation';
        END IF;
    ELSE
        IF ROW(NEW.pool_id, NEW.amount_rial, NEW.purpose, NEW.need_id, NEW.programme, NEW.province_id, NEW.county_id,
               NEW.attribution, NEW.chosen, NEW.intention, NEW.moved_because, NEW.proposed_by_id, NEW.proposed_at)
           IS DISTINCT FROM
           ROW(OLD.pool_id, OLD.amount_rial, OLD.purpose, OLD.need_id, OLD.programme, OLD.province_id, OLD.county_id,
               OLD.attribution, OLD.chosen, OLD.intention, OLD.moved_because, OLD.proposed_by_id, OLD.proposed_at)
           OR (OLD.decided_at IS NOT NULL AND ROW(NEW.decided_at, NEW.decided_by_id, NEW.decision_reason)
               IS DISTINCT FROM ROW(OLD.decided_at, OLD.decided_by_id, OLD.decision_reason))
           OR (OLD.cancelled_at IS NOT NULL AND ROW(NEW.cancelled_at, NEW.cancelled_by_id, NEW.cancel_reason)
               IS DISTINCT FROM ROW(OLD.cancelled_at, OLD.cancelled_by_id, OLD.cancel_reason)) THEN
            RAISE EXCEPTION 'allocation % cannot be edited', OLD.id USING ERRCODE = 'restrict_violation';
        END IF;
        IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
               ('proposed', 'approved'), ('proposed', 'refused'), ('approved', 'delivered'), ('delivered', 'approved'),
               ('approved', 'cancelled')) THEN
            RAISE EXCEPTION 'allocation % does not go from % to %', OLD.id, OLD.state, NEW.state
                USING ERRCODE = 'restrict_violation';
        END IF;
        IF NOT (OLD.state = 'proposed' AND NEW.state = 'approved') THEN
            RETURN NEW;
        END IF;
    END IF;
    SELECT * INTO pool FROM aid_pool WHERE id = NEW.pool_id;
    SELECT * INTO fund FROM campaigns_fund WHERE code = pool.fund_id;
    SELECT * INTO wanted FROM campaigns_need WHERE id = NEW.need_id;
    SELECT * INTO own FROM campaigns_need WHERE id = pool.need_id;
    SELECT array_agg(DISTINCT spent) INTO taken
      FROM campaigns_edition e
      JOIN campaigns_fund f ON f.code = ANY(e.fund_codes) CROSS JOIN LATERAL unnest(f.spendable_on) spent
     WHERE e.id = pool.edition_id;
    moves := fund.is_movable AND NEW.moved_because <> '';
    rule := CASE
        WHEN NEW.purpose <> ALL(fund.spendable_on) THEN 'purpose'
        WHEN wanted.id IS NOT NULL AND wanted.kind <> NEW.purpose THEN 'need_kind'
        WHEN wanted.id IS NOT NULL AND wanted.state NOT IN ('verified', 'published', 'funded') THEN 'need_state'
        WHEN own.id IS NOT NULL AND NEW.need_id IS DISTINCT FROM own.id
             AND NOT (own.state IN ('funded', 'closed') AND NEW.purpose = own.kind) THEN 'need_pool'
        WHEN taken IS NOT NULL AND NEW.purpose <> ALL(taken) AND NOT moves THEN 'campaign'
        WHEN wanted.id IS NOT NULL AND (NEW.province_id IS DISTINCT FROM wanted.province_id
             OR NEW.county_id IS DISTINCT FROM wanted.county_id) THEN 'place'
        WHEN NOT moves AND (pool.province_id IS NOT NULL AND NEW.province_id IS DISTINCT FROM pool.province_id
             OR pool.county_id IS NOT NULL AND NEW.county_id IS DISTINCT FROM pool.county_id) THEN 'place'
        WHEN NEW.purpose = 'nazr' AND (NEW.intention = '' OR jsonb_array_length(NEW.chosen) = 0) THEN 'nazr'
    END;
    IF rule IS NOT NULL THEN
        RAISE EXCEPTION 'fund_firewall %: % of fund % is not spent on % there', rule, NEW.amount_rial, fund.code,
            NEW.purpose USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER firewall BEFORE INSERT OR UPDATE ON aid_allocation FOR EACH ROW EXECUTE FUNCTION aid_firewall();

CREATE FUNCTION aid_keep_pool() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ROW(NEW.fund_id, NEW.province_id, NEW.county_id, NEW.edition_id, NEW.need_id)
       IS DISTINCT FROM ROW(OLD.fund_id, OLD.province_id, OLD.county_id, OLD.edition_id, OLD.need_id) THEN
        RAISE EXCEPTION 'pool % cannot become another one', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE ON aid_pool FOR EACH ROW EXECUTE FUNCTION aid_keep_pool();
"""

SHARES = """
CREATE FUNCTION aid_check_shares() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong record;
BEGIN
    PERFORM 1 FROM donations_donation WHERE id IN (SELECT donation_id FROM new_rows) ORDER BY id FOR NO KEY UPDATE;
    SELECT s.donation_id, s.allocation_id INTO wrong
      FROM new_rows s
      JOIN aid_allocation a ON a.id = s.allocation_id
      JOIN aid_pool p ON p.id = a.pool_id
      JOIN donations_donation d ON d.id = s.donation_id
     WHERE d.kind <> 'cash' OR (s.amount_rial > 0 AND d.status <> 'received')
        OR a.state NOT IN ('approved', 'delivered', 'cancelled')
        OR ROW(d.fund_id, d.province_id, d.county_id, d.edition_id, d.need_id)
           IS DISTINCT FROM ROW(p.fund_id, p.province_id, p.county_id, p.edition_id, p.need_id) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'fund_firewall gift: gift % is not of the pool of allocation %', wrong.donation_id,
            wrong.allocation_id USING ERRCODE = 'check_violation';
    END IF;
    SELECT d.id INTO wrong
      FROM (SELECT DISTINCT donation_id AS id FROM new_rows) n
      JOIN donations_donation d USING (id)
     CROSS JOIN LATERAL (SELECT sum(amount_rial) AS rial FROM aid_allocationshare WHERE donation_id = d.id) held
     WHERE held.rial NOT BETWEEN 0 AND d.amount_rial LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the shares of gift % do not fit its amount', wrong.id USING ERRCODE = 'check_violation';
    END IF;
    SELECT n.donation_id, n.allocation_id INTO wrong
      FROM (SELECT DISTINCT donation_id, allocation_id FROM new_rows WHERE amount_rial < 0) n
     WHERE (SELECT sum(amount_rial) FROM aid_allocationshare s
             WHERE s.donation_id = n.donation_id AND s.allocation_id = n.allocation_id)
         < (SELECT coalesce(sum(amount_rial), 0) FROM aid_deliveryshare s
             WHERE s.donation_id = n.donation_id AND s.allocation_id = n.allocation_id) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'what gift % has delivered stays in allocation %', wrong.donation_id, wrong.allocation_id
            USING ERRCODE = 'check_violation';
    END IF;
    UPDATE donations_donation d SET is_allocated = NOT d.is_allocated
      FROM (SELECT DISTINCT donation_id AS id FROM new_rows) n
     CROSS JOIN LATERAL (SELECT sum(amount_rial) AS rial FROM aid_allocationshare WHERE donation_id = n.id) held
     WHERE d.id = n.id AND d.is_allocated <> (held.rial = d.amount_rial);
    RETURN NULL;
END $$;
CREATE TRIGGER fitting AFTER INSERT ON aid_allocationshare REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION aid_check_shares();

CREATE FUNCTION aid_check_delivered() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong record;
BEGIN
    SELECT n.donation_id, n.allocation_id INTO wrong
      FROM (SELECT DISTINCT delivery_id, donation_id, allocation_id FROM new_rows) n
      JOIN aid_delivery y ON y.id = n.delivery_id
     WHERE y.allocation_id <> n.allocation_id
        OR (SELECT coalesce(sum(amount_rial), 0) FROM aid_deliveryshare s
             WHERE s.donation_id = n.donation_id AND s.allocation_id = n.allocation_id)
           NOT BETWEEN 0 AND (SELECT coalesce(sum(amount_rial), 0) FROM aid_allocationshare s
                               WHERE s.donation_id = n.donation_id AND s.allocation_id = n.allocation_id) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'gift % cannot have delivered this of allocation %', wrong.donation_id, wrong.allocation_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER fitting AFTER INSERT ON aid_deliveryshare REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION aid_check_delivered();

CREATE FUNCTION aid_refunded_gift_is_free() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT coalesce(sum(amount_rial), 0) FROM aid_allocationshare WHERE donation_id = NEW.id) <> 0 THEN
        RAISE EXCEPTION 'gift % is allocated and cannot be refunded as it stands', NEW.tracking_code
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER refunded_gift_is_free AFTER UPDATE OF status ON donations_donation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status = 'refunded')
    EXECUTE FUNCTION aid_refunded_gift_is_free();
"""

DELIVERIES = """
CREATE FUNCTION aid_keep_delivery() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE spent aid_allocation;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF ROW(NEW.allocation_id, NEW.amount_rial, NEW.form, NEW.what, NEW.quantity, NEW.unit, NEW.households,
               NEW.province_id, NEW.county_id, NEW.delivered_on, NEW.first_signatory, NEW.second_signatory,
               NEW.minutes_number, NEW.photo_path, NEW.photo_digest, NEW.photo_is_faceless, NEW.recorded_by_id,
               NEW.recorded_at)
           IS DISTINCT FROM
           ROW(OLD.allocation_id, OLD.amount_rial, OLD.form, OLD.what, OLD.quantity, OLD.unit, OLD.households,
               OLD.province_id, OLD.county_id, OLD.delivered_on, OLD.first_signatory, OLD.second_signatory,
               OLD.minutes_number, OLD.photo_path, OLD.photo_digest, OLD.photo_is_faceless, OLD.recorded_by_id,
               OLD.recorded_at)
           OR (OLD.undone_at IS NOT NULL AND ROW(NEW.undone_at, NEW.undone_by_id, NEW.undo_reason)
               IS DISTINCT FROM ROW(OLD.undone_at, OLD.undone_by_id, OLD.undo_reason)) THEN
            RAISE EXCEPTION 'delivery % cannot be edited', OLD.id USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    SELECT * INTO spent FROM aid_allocation WHERE id = NEW.allocation_id;
    IF spent.state <> 'approved' THEN
        RAISE EXCEPTION 'allocation % has nothing to deliver', spent.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF spent.purpose = 'food' AND NEW.form <> 'food' THEN
        RAISE EXCEPTION 'fund_firewall food_only: allocation % is delivered as food', spent.id
            USING ERRCODE = 'check_violation';
    END IF;
    IF spent.province_id IS NOT NULL AND NEW.province_id IS DISTINCT FROM spent.province_id
       OR spent.county_id IS NOT NULL AND NEW.county_id IS DISTINCT FROM spent.county_id THEN
        RAISE EXCEPTION 'fund_firewall place: allocation % is delivered elsewhere', spent.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER frozen BEFORE INSERT OR UPDATE ON aid_delivery FOR EACH ROW EXECUTE FUNCTION aid_keep_delivery();

CREATE FUNCTION aid_keep_reference() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ROW(NEW.delivery_id, NEW.allocation_id, NEW.reference_hash, NEW.again_because)
       IS DISTINCT FROM ROW(OLD.delivery_id, OLD.allocation_id, OLD.reference_hash, OLD.again_because)
       OR (NEW.is_active AND NOT OLD.is_active) THEN
        RAISE EXCEPTION 'who received delivery % cannot be edited', OLD.delivery_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE ON aid_deliveryreference FOR EACH ROW EXECUTE FUNCTION aid_keep_reference();
"""

KEPT = ("pool", "allocation", "delivery", "deliveryreference")
ADDED_ONLY = ("allocationshare", "deliveryshare")
QUEUED = {
    "allocation": "allocation",
    "allocationshare": "share",
    "delivery": "delivery",
    "deliveryshare": "delivered share",
    "deliveryreference": "receiving case",
}
QUEUED_LATER = [
    ("allocation", "decided_at", "decision"),
    ("allocation", "cancelled_at", "cancellation"),
    ("delivery", "undone_at", "undoing"),
]

GUARDS = "\n".join(
    [
        *(
            f"CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON aid_{table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();"
            for table in KEPT
        ),
        *(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON aid_{table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();"
            for table in ADDED_ONLY
        ),
        *(
            f"CREATE TRIGGER queue_seal AFTER INSERT ON aid_{table} REFERENCING NEW TABLE AS new_rows "
            f"FOR EACH STATEMENT EXECUTE FUNCTION ledger_queue_seal('{kind}');"
            for table, kind in QUEUED.items()
        ),
        *(
            f"CREATE TRIGGER queue_seal_{column} AFTER UPDATE ON aid_{table} FOR EACH ROW "
            f"WHEN (OLD.{column} IS NULL AND NEW.{column} IS NOT NULL) "
            f"EXECUTE FUNCTION ledger_queue_seal_of_row('{kind}');"
            for table, column, kind in QUEUED_LATER
        ),
    ]
)
UNDO = "\n".join(
    [
        *(f"DROP TRIGGER queue_seal_{column} ON aid_{table};" for table, column, _ in QUEUED_LATER),
        *(f"DROP TRIGGER queue_seal ON aid_{table};" for table in QUEUED),
        *(f"DROP TRIGGER append_only ON aid_{table};" for table in ADDED_ONLY),
        *(f"DROP TRIGGER kept ON aid_{table};" for table in KEPT),
        "DROP TRIGGER frozen ON aid_deliveryreference;",
        "DROP TRIGGER frozen ON aid_delivery;",
        "DROP TRIGGER refunded_gift_is_free ON donations_donation;",
        "DROP TRIGGER fitting ON aid_deliveryshare;",
        "DROP TRIGGER fitting ON aid_allocationshare;",
        "DROP TRIGGER frozen ON aid_pool;",
        "DROP TRIGGER firewall ON aid_allocation;",
        *(
            f"DROP FUNCTION {name}();"
            for name in (
                "aid_keep_reference", "aid_keep_delivery", "aid_refunded_gift_is_free", "aid_check_delivered",
                "aid_check_shares", "aid_keep_pool", "aid_firewall",
            )
        ),
    ]
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("aid", "0001_allocations"),
        ("donations", "0007_waiting_in_pool"),
        ("ledger", "0007_row_seals"),
        ("core", "0002_append_only"),
    ]
    operations = [migrations.RunSQL(FIREWALL + SHARES + DELIVERIES + GUARDS, UNDO)]
