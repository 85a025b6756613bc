"""What must be true of the network: nobody unvetted meets clients, no shift is overbooked, no hours are self-made."""

from core.invariants import invariant, violations


@invariant("volunteers: nobody meets clients who is not vetted")
def only_vetted_meet_clients():
    return violations(
        """SELECT a.id, v.id AS volunteer, v.vetting FROM volunteers_assignment a
             JOIN volunteers_volunteer v ON v.id = a.volunteer_id
             JOIN volunteers_shift s ON s.id = a.shift_id
             JOIN volunteers_opportunity o ON o.id = s.opportunity_id
            WHERE o.meets_clients AND a.state IN ('invited', 'signed_up') AND v.vetting <> 'approved'""",
        "place {id}: volunteer {volunteer} is {vetting}",
    )


@invariant("volunteers: who is approved was approved by somebody, and that last")
def approved_by_somebody():
    return violations(
        """SELECT v.id FROM volunteers_volunteer v
             LEFT JOIN LATERAL (SELECT decision FROM volunteers_vettingdecision d
                                 WHERE d.volunteer_id = v.id ORDER BY d.id DESC LIMIT 1) d ON true
            WHERE v.vetting = 'approved' AND d.decision IS DISTINCT FROM 'approve'""",
        "volunteer {id} is approved by nobody",
    )


@invariant("volunteers: what somebody needs to take part is kept with its consent alone")
def needs_are_agreed():
    return violations(
        """SELECT v.id FROM volunteers_volunteer v WHERE v.access_needs <> '' AND NOT EXISTS (
               SELECT 1 FROM volunteers_consent c
                WHERE c.volunteer_id = v.id AND c.kind = 'access' AND c.withdrawn_at IS NULL)""",
        "needs of volunteer {id} are kept without a consent",
    )


@invariant("volunteers: nobody under age is approved or expected without their guardian's word")
def guardians_agree():
    return violations(
        """SELECT v.id, v.guardian_state AS said FROM volunteers_volunteer v
            WHERE (v.guardian_state = 'agreed' AND (v.guardian_hash = '' OR NOT EXISTS (
                       SELECT 1 FROM volunteers_consent c
                        WHERE c.volunteer_id = v.id AND c.kind = 'guardian' AND c.withdrawn_at IS NULL)))
               OR (v.guardian_state IN ('waiting', 'refused') AND (v.vetting = 'approved' OR EXISTS (
                       SELECT 1 FROM volunteers_assignment a
                        WHERE a.volunteer_id = v.id AND a.state IN ('invited', 'signed_up'))))""",
        "volunteer {id}: the guardian's word is {said}",
    )


@invariant("volunteers: the taken places of every shift are its assignments, never above its capacity")
def places_add_up():
    return violations(
        """SELECT s.id, s.taken, s.capacity, count(a.id) AS there FROM volunteers_shift s
             LEFT JOIN volunteers_assignment a ON a.shift_id = s.id
                   AND a.state IN ('signed_up', 'present', 'absent')
            GROUP BY s.id HAVING s.taken <> count(a.id) OR s.taken > s.capacity""",
        "shift {id}: {taken} of {capacity} taken, {there} assignments",
    )


@invariant("volunteers: confirmed hours are those of somebody who came, and were confirmed by another")
def hours_are_confirmed():
    return violations(
        """SELECT id FROM volunteers_assignment
            WHERE confirmed_minutes IS NOT NULL
              AND (state <> 'present' OR confirmed_how = '' OR confirmed_by_leader_id = volunteer_id
                   OR (confirmed_how = 'staff' AND confirmed_by_id IS NULL))""",
        "hours of place {id} are confirmed by nobody else",
    )


@invariant("volunteers: nothing was merged without a consent")
def merged_with_consent():
    return violations(
        """SELECT id FROM volunteers_duplicate WHERE state = 'merged'
              AND NOT (consent = 'codes' OR (consent IN ('written', 'spoken') AND note <> ''
                                             AND decided_by_id IS NOT NULL))""",
        "duplicate {id} was merged silently",
    )


@invariant("volunteers: no line of a registry that was taken in was passed over")
def lines_are_taken():
    return violations(
        """SELECT r.id, r.counts ->> 'lines' AS lines, count(l.id) AS there FROM volunteers_registryimport r
             LEFT JOIN volunteers_registryline l ON l.registry_id = r.id
            WHERE r.state = 'done' AND r.path <> '' GROUP BY r.id
           HAVING count(l.id) FILTER (WHERE l.state = 'left' OR (l.state = 'new' AND l.line_no > r.done_to)) > 0""",
        "registry {id}: {there} lines, some were passed over",
    )
