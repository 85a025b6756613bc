"""A form that is sent twice is one act: without scripts nothing keeps a second tap from arriving."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from django.contrib import messages
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from core.http import SeeOther
from core.models import SentForm
from core.phrases import SENT_BEFORE

FIELD = "form_key"  # the hidden field that the tag `form_key` writes, another one for every page
KEEP = timedelta(days=7)


def once(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a form of staff that carries a key act once: sent again as it is, it leads where it led the first time;
    changed and sent again, it is another act. What led nowhere (a refusal, a form with mistakes) may be sent again.

    Stands below the gate. The act and the memory of it are one transaction; a rival waits for it.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        key = request.POST.get(FIELD, "") if request.method == "POST" else ""
        if not key:
            return view(request, *args, **kwargs)
        digest = _digest(request)
        with transaction.atomic():
            if not _is_first(digest):
                return _where_it_led(request, digest)
            answer = view(request, *args, **kwargs)
            sent = SentForm.objects.filter(pk=digest)
            if answer.has_header("Location"):
                sent.update(led_to=answer["Location"])
            else:
                sent.delete()
        return answer

    return guarded


def _digest(request: HttpRequest) -> bytes:
    """Who sent what, and by which rendered form."""
    said = sorted((name, said) for name, said in request.POST.lists() if name != "csrfmiddlewaretoken")
    files = sorted((name, file.name, file.size) for name, all_of in request.FILES.lists() for file in all_of)
    whole = repr((request.user.pk, request.get_full_path(), said, files))
    return hashlib.sha256(whole.encode()).digest()


def _is_first(digest: bytes) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO core_sentform (digest) VALUES (%s) ON CONFLICT DO NOTHING", [digest])
        return cursor.rowcount == 1


def _where_it_led(request: HttpRequest, digest: bytes) -> HttpResponse:
    messages.info(request, SENT_BEFORE)
    return SeeOther(SentForm.objects.values_list("led_to", flat=True).get(pk=digest))


def forget_sent_forms() -> int:
    """Drop what is older than KEEP: no page is sent again so late. Returns how many."""
    return SentForm.objects.filter(at__lt=timezone.now() - KEEP).delete()[0]
