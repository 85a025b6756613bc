"""Every periodic job in one table: name, task, how often (seconds or crontab), and why."""

from celery.schedules import crontab

JOBS = [
    ("fold", "dashboards.fold", 1.0, "figures follow the books within seconds"),
    (
        "drain callbacks",
        "payments.drain_callbacks",
        2.0,
        "a callback whose message was lost is still verified",
    ),
    ("sweep attempts", "payments.sweep_attempts", 5.0, "an attempt without a callback is asked about"),
    ("drain outbox", "core.drain_outbox", 5.0, "a promise whose message was lost is still kept"),
    (
        "call long worker",
        "core.call_long_worker",
        10.0,
        "a long promise whose message was lost is still kept",
    ),
    ("send messages", "core.send_messages", 5.0, "an SMS whose message was lost is still sent"),
    (
        "unclaimed",
        "payments.ask_about_unclaimed",
        120.0,
        "a payment without a callback is on the gateway's list",
    ),
    (
        "send refunds",
        "payments.send_refunds",
        15.0,
        "an approved refund whose message was lost is still sent",
    ),
    ("check stuck", "payments.open_stuck_cases", 60.0, "what cannot be decided becomes a person's case"),
    ("apply occasions", "campaigns.apply_occasions", 60.0, "what was ordered for a day happens on that day"),
    ("count scans", "campaigns.fold_scans", 5.0, "scan rows become hourly counts and go"),
    ("fund needs", "campaigns.fund_needs", 30.0, "a need that has all it asks for takes no further gifts"),
    ("escalate care", "cases.escalate_care", 300.0, "a donor who waits too long is heard further up"),
    ("take statements", "payments.sweep_inbox", 60.0, "files of the watched folder are taken in"),
    ("check books", "dashboards.check_books", crontab(minute=17), "the books are proved every hour"),
    ("reconcile", "payments.reconcile", crontab(minute=37), "what is missing shows within the hour"),
    ("expire proposals", "payments.expire_proposals", crontab(minute=7), "an undecided change is forgotten"),
    (
        "remind of promises",
        "partnerships.remind_of_promises",
        crontab(hour=4, minute=10),
        "what was promised is asked for",
    ),
    (
        "remind of what is late",
        "campaigns.remind_of_late",
        crontab(hour=9, minute=5),
        "late boxes and tasks reach those who mind them, once a day at most",
    ),
    (
        "tell donors of their gifts",
        "aid.tell_donors",
        crontab(minute=23, hour="9-20"),
        "news of a second event of a day is told on the next",
    ),
    (
        "remind volunteers",
        "volunteers.remind",
        crontab(minute="*/15", hour="5-17"),
        "who promised to come tomorrow is reminded once",
    ),
    (
        "come of age",
        "volunteers.come_of_age",
        crontab(hour=0, minute=10),
        "who is eighteen by today needs no guardian, and their number is not kept",
    ),
    (
        "ask silent groups",
        "volunteers.ask_silent_groups",
        crontab(hour=6, minute=20),
        "a group that sleeps is found and asked",
    ),
    (
        "count habits",
        "dashboards.count_habits",
        crontab(hour=2, minute=20),
        "small gifts and people who gave again, as of the night",
    ),
    (
        "forget drafts",
        "volunteers.forget_drafts",
        crontab(hour=2, minute=45),
        "what nobody went on filling in holds personal data",
    ),
    (
        "forget registries",
        "volunteers.forget_registries",
        crontab(hour=2, minute=47),
        "lines of old registries hold personal data",
    ),
    ("forget keys", "donations.forget_keys", crontab(hour=2, minute=50), "keys of repeated requests end"),
    (
        "forget partners' calls",
        "payments.forget_partner_traces",
        crontab(hour=2, minute=55),
        "used signatures and rehearsals end",
    ),
    (
        "hand over",
        "provinces.hand_over_ended",
        crontab(minute=12),
        "what somebody who left had open is not orphaned",
    ),
    (
        "forget sessions",
        "provinces.forget_sessions",
        crontab(hour=3, minute=5),
        "records of sessions are kept for half a year",
    ),
    ("back up", "core.call_for_backup", crontab(minute=7), "what is lost with a disk is a day at most"),
    ("forget", "core.forget_expired", crontab(hour=2, minute=40), "tables that grow are kept by policy"),
]

BEAT_SCHEDULE = {
    name: {
        "task": task,
        "schedule": every,
        "options": {"expires": every if isinstance(every, float) else 3600},
    }
    for name, task, every, _why in JOBS
}
