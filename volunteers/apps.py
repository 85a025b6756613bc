from django.apps import AppConfig

from core.phrases import add_sentences


class VolunteersConfig(AppConfig):
    name = "volunteers"
    verbose_name = "داوطلبان"

    def ready(self) -> None:
        from volunteers.phrases import SENTENCES

        add_sentences(SENTENCES)
