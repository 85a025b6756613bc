from django.apps import AppConfig

from core.phrases import add_sentences


class PartnershipsConfig(AppConfig):
    name = "partnerships"
    verbose_name = "شراکت‌ها"

    def ready(self) -> None:
        from campaigns.need_progress import add_source
        from partnerships import agreement_phrases, asset_phrases, partner_phrases, promise_phrases
        from partnerships.promised import for_needs
        from partnerships.services import deliveries  # noqa: F401  a gift that goes back keeps no promise

        add_source("promises", for_needs)
        for words in (partner_phrases, agreement_phrases, promise_phrases, asset_phrases):
            add_sentences(words.SENTENCES)
