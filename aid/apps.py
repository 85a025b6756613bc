from django.apps import AppConfig

from core.phrases import add_sentences


class AidConfig(AppConfig):
    name = "aid"
    verbose_name = "کمک‌رسانی"

    def ready(self) -> None:
        from aid.phrases import SENTENCES
        from aid.stock_phrases import SENTENCES as STOCK_SENTENCES

        add_sentences(SENTENCES)
        add_sentences(STOCK_SENTENCES)
