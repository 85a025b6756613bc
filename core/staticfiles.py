"""Static files of the installed apps, less what we neither use nor can ship whole."""

from django.contrib.staticfiles.finders import AppDirectoriesFinder

# Its date picker is not used here, and its style sheet names five pictures that its package lacks,
# which stops collectstatic under manifest storage.
LEFT_OUT = {"django_jalali"}


class AppFinder(AppDirectoriesFinder):
    """The usual finder without the apps in LEFT_OUT."""

    def __init__(self, app_names=None, *args, **kwargs):
        super().__init__(app_names, *args, **kwargs)
        for name in LEFT_OUT & set(self.storages):
            del self.storages[name]
            self.apps.remove(name)
