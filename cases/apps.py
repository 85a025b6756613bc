from django.apps import AppConfig

from core.phrases import add_sentences


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = "پرونده‌ها"

    def ready(self) -> None:
        from cases.phrases import SENTENCES

        add_sentences(SENTENCES)
