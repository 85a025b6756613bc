from django.apps import AppConfig

from core.phrases import add_sentences


class DashboardsConfig(AppConfig):
    name = "dashboards"
    verbose_name = "داشبوردها"

    def ready(self) -> None:
        from campaigns.need_progress import add_source
        from dashboards.hq_phrases import SENTENCES as HQ_SENTENCES
        from dashboards.needs import gifts_of_needs
        from dashboards.phrases import SENTENCES

        add_sentences(SENTENCES)
        add_sentences(HQ_SENTENCES)
        add_source("gifts", gifts_of_needs)
