from django.apps import AppConfig

from core.phrases import add_sentences


class DashboardsConfig(AppConfig):
    name = "dashboards"
    verbose_name = "داشبوردها"

    def ready(self) -> None:
        from campaigns.need_progress import add_source
        from dashboards.needs import gifts_of_needs
        from dashboards.phrases import SENTENCES

        add_sentences(SENTENCES)
        add_source("gifts", gifts_of_needs)
