from django.apps import AppConfig, apps
from django.utils.module_loading import autodiscover_modules

from core.phrases import add_sentences


class ProvincesConfig(AppConfig):
    name = "provinces"
    verbose_name = "استان‌ها و ادارات"

    def ready(self) -> None:
        from axes.signals import user_locked_out
        from django.contrib.auth.signals import user_logged_in

        from provinces import people_phrases
        from provinces.phrases import FAILED_SIGN_INS, SENTENCES
        from provinces.services.lock_outs import record_lock_out
        from provinces.services.sessions import write_down

        user_locked_out.connect(record_lock_out, dispatch_uid="provinces.lock_outs")
        user_logged_in.connect(write_down, dispatch_uid="provinces.sessions")

        add_sentences(SENTENCES)
        add_sentences(people_phrases.SENTENCES)
        autodiscover_modules("open_work")
        apps.get_app_config("axes").verbose_name = FAILED_SIGN_INS  # the library has no Persian name
