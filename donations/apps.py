from django.apps import AppConfig

from core.phrases import add_sentences


class DonationsConfig(AppConfig):
    name = "donations"
    verbose_name = "کمک‌ها"

    def ready(self) -> None:
        from donations import sealed  # noqa: F401  registers what the hash chain takes in
        from donations.phrases import SENTENCES

        add_sentences(SENTENCES)
