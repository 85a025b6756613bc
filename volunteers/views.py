"""The network of volunteers for the public: what it is, and joining it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from provinces.selectors import provinces_in_order
from volunteers import phrases
from volunteers.enums import Section
from volunteers.forms import JoinForm
from volunteers.services.joining import join

_ICONS = {
    Section.HEALTH: "heart",
    Section.EMPOWERMENT: "sprout",
    Section.CULTURAL: "users",
    Section.CONSTRUCTION: "home",
    Section.EXTRACURRICULAR: "calendar",
}
_DONE = "joined"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The five sections, and what of the network is here already."""
    address = reverse("volunteers-join")
    sections = [
        {
            "code": code,
            "title": label,
            "text": phrases.SECTION_HINTS[code],
            "icon": _ICONS[Section(code)],
            "url": f"{address}?section={code}",
        }
        for code, label in Section.choices
    ]
    return render(request, "volunteers/index.html", {"sections": sections})


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join_network(request: HttpRequest) -> HttpResponse:
    """Write down that somebody wishes to help, then thanks (303). Repeating it changes nothing.

    Without cookie and CSRF token, like the giving form: it acts for nobody who is signed in, so there is nothing to
    forge, and it works in browsers that keep no cookies. Whether the number was known already is not told: a
    stranger cannot ask who has joined.
    """
    if request.method != "POST":
        if request.GET.get(_DONE):
            return render(request, "volunteers/join.html", {"done": True, "done_text": phrases.JOINED})
        initial = {name: request.GET[name] for name in ("section", "province") if name in request.GET}
        return _page(request, JoinForm(initial=initial, provinces=provinces_in_order()))
    form = JoinForm(request.POST, provinces=provinces_in_order())
    if not form.is_valid():
        return _page(request, form)
    join(**form.cleaned_data)
    response = redirect(f"{reverse('volunteers-join')}?{_DONE}=1")
    response.status_code = 303
    return response


def _page(request: HttpRequest, form: JoinForm) -> HttpResponse:
    context = {"form": form, "sections": form.section_choices(), "done": False}
    return render(request, "volunteers/join.html", context)
