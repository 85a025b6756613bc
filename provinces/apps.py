from django.apps import AppConfig, apps

from core.phrases import add_sentences


class ProvincesConfig(AppConfig):
    name = "provinces"
    verbose_name = "استان‌ها و ادارات"

    def ready(self) -> None:
        from provinces.phrases import FAILED_SIGN_INS, SENTENCES

        add_sentences(SENTENCES)
        apps.get_app_config("axes").verbose_name = FAILED_SIGN_INS  # the library has no Persian name
