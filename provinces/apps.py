from django.apps import AppConfig

from core.phrases import add_sentences


class ProvincesConfig(AppConfig):
    name = "provinces"
    verbose_name = "استان‌ها و ادارات"

    def ready(self) -> None:
        from provinces.phrases import SENTENCES

        add_sentences(SENTENCES)
