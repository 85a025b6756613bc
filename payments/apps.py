from django.apps import AppConfig

from core.phrases import add_sentences


class PaymentsConfig(AppConfig):
    name = "payments"
    verbose_name = "پرداخت‌ها"

    def ready(self) -> None:
        from payments import (
            box_phrases,
            counter_phrases,
            partner_phrases,
            phrases,
            reconciliation_phrases,
            statement_phrases,
            terminal_phrases,
        )

        add_sentences(phrases.SENTENCES)
        add_sentences(counter_phrases.SENTENCES)
        add_sentences(box_phrases.SENTENCES)
        add_sentences(partner_phrases.SENTENCES)
        add_sentences(reconciliation_phrases.SENTENCES)
        add_sentences(statement_phrases.SENTENCES)
        add_sentences(terminal_phrases.SENTENCES)
