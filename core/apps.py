from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "هستهٔ سامانه"

    def ready(self) -> None:
        autodiscover_modules("checks")
