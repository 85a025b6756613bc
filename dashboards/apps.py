from django.apps import AppConfig

from core.phrases import add_sentences


class DashboardsConfig(AppConfig):
    name = "dashboards"
    verbose_name = "داشبوردها"

    def ready(self) -> None:
        from dashboards.phrases import SENTENCES

        add_sentences(SENTENCES)
