"""Naming a need in a form of the desk: as a whole, or one of its items."""

from __future__ import annotations

from django import forms
from django.db.models import QuerySet

from aid import stock_phrases as phrases
from campaigns.enums import NeedState
from campaigns.models import Need, NeedItem

Wanted = tuple[Need | None, NeedItem | None]


def open_needs_here(**conditions: object) -> QuerySet[Need]:
    """Needs of the open scope that are wanted still, by these conditions."""
    states = [NeedState.VERIFIED, NeedState.PUBLISHED, NeedState.FUNDED]
    return Need.objects.filter(state__in=states, **conditions).prefetch_related("wanted_items")


class NeedField(forms.ChoiceField):
    """A need and, where one is named, its item; `offer` says which there are. Clean: (need, item), (None, None) for
    none."""

    def __init__(self, **options) -> None:
        super().__init__(**{"label": phrases.FOR_NEED, "required": False} | options)
        self.known: dict[str, Wanted] = {"": (None, None)}

    def __deepcopy__(self, memo) -> NeedField:
        copied = super().__deepcopy__(memo)
        copied.known = {"": (None, None)}
        return copied

    def offer(self, needs: QuerySet[Need]) -> None:
        choices: list[tuple[str, object]] = [("", phrases.NO_NEED)]
        for need in needs:
            rows: list[Wanted] = [(need, None), *((need, item) for item in need.wanted_items.all())]
            keys = [f"{need.pk}:{item.pk}" if item else f"{need.pk}" for _need, item in rows]
            self.known |= dict(zip(keys, rows, strict=True))
            names = [item.item if item else phrases.WHOLE_NEED for _need, item in rows]
            choices.append((need.title, list(zip(keys, names, strict=True))))
        self.choices = choices

    def clean(self, value) -> Wanted:
        return self.known[super().clean(value)]
