from django.apps import AppConfig

from core.phrases import add_sentences


class PartnershipsConfig(AppConfig):
    name = "partnerships"
    verbose_name = "شراکت‌ها"

    def ready(self) -> None:
        from partnerships.phrases import SENTENCES

        add_sentences(SENTENCES)
