from django.apps import AppConfig

from core.phrases import add_sentences


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = "پرونده‌ها"

    def ready(self) -> None:
        from cases import care_phrases, phrases

        add_sentences(phrases.SENTENCES)
        add_sentences(care_phrases.SENTENCES)
