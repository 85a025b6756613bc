from django.apps import AppConfig

from core.phrases import add_sentences


class PaymentsConfig(AppConfig):
    name = "payments"
    verbose_name = "پرداخت‌ها"

    def ready(self) -> None:
        from payments.phrases import SENTENCES

        add_sentences(SENTENCES)
