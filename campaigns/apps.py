from django.apps import AppConfig

from core.phrases import add_sentences


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = "پویش‌ها و راه‌های کمک"

    def ready(self) -> None:
        from campaigns.phrases import SENTENCES

        add_sentences(SENTENCES)
