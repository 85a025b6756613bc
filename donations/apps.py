from django.apps import AppConfig

from core.phrases import add_sentences


class DonationsConfig(AppConfig):
    name = "donations"
    verbose_name = "کمک‌ها"

    def ready(self) -> None:
        from donations.phrases import SENTENCES

        add_sentences(SENTENCES)
