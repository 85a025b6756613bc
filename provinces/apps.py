from django.apps import AppConfig, apps

from core.phrases import add_sentences


class ProvincesConfig(AppConfig):
    name = "provinces"
    verbose_name = "استان‌ها و ادارات"

    def ready(self) -> None:
        from axes.signals import user_locked_out

        from provinces.phrases import FAILED_SIGN_INS, SENTENCES
        from provinces.services.lock_outs import record_lock_out

        user_locked_out.connect(record_lock_out, dispatch_uid="provinces.lock_outs")

        add_sentences(SENTENCES)
        apps.get_app_config("axes").verbose_name = FAILED_SIGN_INS  # the library has no Persian name
