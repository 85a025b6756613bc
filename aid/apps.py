from django.apps import AppConfig

from core.phrases import add_sentences


class AidConfig(AppConfig):
    name = "aid"
    verbose_name = "کمک‌رسانی"

    def ready(self) -> None:
        # The chain and the trail are told.
        from aid import allocation_phrases, phrases, sealed, stock_phrases, trail  # noqa: F401
        from aid.needs import from_here
        from aid.services import taking_back, telling  # noqa: F401  refunds free gifts; wishes are kept
        from campaigns.need_progress import add_source

        add_source("aid", from_here)
        add_sentences(phrases.SENTENCES)
        add_sentences(allocation_phrases.SENTENCES)
        add_sentences(stock_phrases.SENTENCES)
