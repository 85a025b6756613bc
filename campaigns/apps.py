from django.apps import AppConfig

from core.phrases import add_sentences


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = "پویش‌ها و راه‌های کمک"

    def ready(self) -> None:
        from campaigns import (
            box_phrases,
            channel_phrases,
            event_phrases,
            need_phrases,
            occasion_phrases,
            phrases,
            plan_phrases,
            rate_phrases,
            runbook_phrases,
        )

        add_sentences(phrases.SENTENCES)
        add_sentences(box_phrases.SENTENCES)
        add_sentences(event_phrases.SENTENCES)
        add_sentences(channel_phrases.SENTENCES)
        add_sentences(need_phrases.SENTENCES)
        add_sentences(plan_phrases.SENTENCES)
        add_sentences(occasion_phrases.SENTENCES)
        add_sentences(rate_phrases.SENTENCES)
        add_sentences(runbook_phrases.SENTENCES)
