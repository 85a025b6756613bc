"""Pictures and news of an edition or a branch."""

from __future__ import annotations

import secrets
from datetime import date
from typing import IO

from django.core.files.base import ContentFile
from django.db import transaction

from campaigns.enums import CampaignState as S
from campaigns.models import Branch, Edition, News, Picture
from campaigns.pictures import MadePicture, remake
from campaigns.plan_selectors import of, pictures_as_wished
from campaigns.services import plan_edits, plans
from campaigns.states import EDITABLE
from core.errors import DomainError
from core.jalali import tehran_today
from core.models import User
from core.text import normalise, normalise_lines
from provinces.scoping import check_write

MOST_PICTURES, MOST_ALT = 6, 200
MOST_TITLE, MOST_TEXT = 120, 3_000


def add_picture(plan: Branch | Edition, file: IO[bytes], size: int, *, alt: str, actor: User) -> Picture:
    """Put a picture on the page of a draft, made anew from what was sent; to what was approved it comes with somebody
    else's yes (`plan_edits`). Audited. Whoever adds one to a draft that waits counts as its proposer from then on.

    DomainError: not_found, not_editable, alt_required, too_many_pictures, and those of `campaigns.pictures.remake`.
    """
    alt = _alt_of(alt)
    made = remake(file, size)
    with transaction.atomic():
        plan = _locked(plan)
        if plan.state not in EDITABLE:
            raise DomainError("not_editable")
        if len(pictures_as_wished(plan)) >= MOST_PICTURES:
            raise DomainError("too_many_pictures", field="file")
        is_draft = plan.state == S.DRAFT
        picture = _keep(plan, made, alt, actor, waits=not is_draft)
        plans.record(plan, "picture_add", actor, picture=picture.pk)
        if is_draft:
            plans.touch(plan, actor)
        else:
            plan_edits.wish_picture(plan, picture, actor=actor, is_added=True)
    return picture


@transaction.atomic
def withdraw_picture(plan: Branch | Edition, picture_id: int, *, actor: User) -> None:
    """Take it off the page of a draft; from what was approved it goes with somebody else's yes, and one that was still
    to come is taken back. Its row stays. Repeatable; audited. DomainError: not_found, not_editable."""
    plan = _locked(plan)
    if plan.state not in EDITABLE:
        raise DomainError("not_editable")
    picture = Picture.objects.filter(pk=picture_id, **of(plan)).first()
    if picture is None:
        raise DomainError("not_found", status=404)
    if plan.state != S.DRAFT:
        if picture in pictures_as_wished(plan):
            plan_edits.wish_picture(plan, picture, actor=actor, is_added=False)
    elif not picture.is_withdrawn:
        picture.is_withdrawn = True
        picture.save(update_fields=["is_withdrawn"])
        plans.touch(plan, actor)
        plans.record(plan, "picture_withdraw", actor, picture=picture.pk)


def copy_pictures(source: Branch | Edition, target: Branch | Edition, *, actor: User) -> None:
    """The same pictures on another page: their files are shared, for they never change."""
    for picture in Picture.objects.filter(is_withdrawn=False, news=None, **of(source)):
        Picture.objects.create(
            key=_new_key(),
            file=picture.file.name,
            alt=picture.alt,
            width=picture.width,
            height=picture.height,
            created_by=actor,
            **of(target),
        )


def add_news(
    plan: Branch | Edition,
    *,
    title: str,
    text: str,
    on: date,
    actor: User,
    file: IO[bytes] | None = None,
    size: int = 0,
    alt: str = "",
) -> News:
    """Tell what happened, on a page that is open or closed; audited.

    DomainError: not_found, not_public, title_required, text_required, day_ahead, alt_required (with a picture), and
    those of `campaigns.pictures.remake`.
    """
    title, text = normalise(title)[:MOST_TITLE], normalise_lines(text)[:MOST_TEXT]
    if not title:
        raise DomainError("news_title_required", field="title")
    if not text:
        raise DomainError("news_text_required", field="text")
    if on > tehran_today():
        raise DomainError("day_ahead", field="on")
    made = (remake(file, size), _alt_of(alt)) if file else None
    with transaction.atomic():
        plan = _locked(plan)
        if plan.state not in (S.OPEN, S.CLOSED, S.REPORTED):
            raise DomainError("not_public")
        picture = _keep(plan, *made, actor) if made else None
        news = News.objects.create(
            title=title, text=text, on=on, picture=picture, created_by=actor, **of(plan)
        )
        plans.record(plan, "news_add", actor, news=news.pk)
    return news


@transaction.atomic
def withdraw_news(plan: Branch | Edition, news_id: int, *, actor: User) -> None:
    """Take it off the page, with its picture; the rows stay. Repeatable; audited. DomainError: not_found."""
    plan = _locked(plan)
    news = News.objects.filter(pk=news_id, **of(plan)).select_related("picture").first()
    if news is None:
        raise DomainError("not_found", status=404)
    if news.is_withdrawn:
        return
    news.is_withdrawn = True
    news.save(update_fields=["is_withdrawn"])
    if news.picture:
        news.picture.is_withdrawn = True
        news.picture.save(update_fields=["is_withdrawn"])
    plans.record(plan, "news_withdraw", actor, news=news.pk)


def _keep(
    plan: Branch | Edition, made: MadePicture, alt: str, actor: User, *, waits: bool = False
) -> Picture:
    key = _new_key()
    picture = Picture(key=key, alt=alt, width=made.width, height=made.height, created_by=actor, **of(plan))
    picture.is_withdrawn = waits
    picture.file.save(f"{key}.webp", ContentFile(made.content), save=False)
    picture.save()
    return picture


def _new_key() -> str:
    return secrets.token_hex(16)


def _alt_of(alt: str) -> str:
    alt = normalise(alt)[:MOST_ALT]
    if not alt:
        raise DomainError("alt_required", field="alt")
    return alt


def _locked(plan: Branch | Edition) -> Branch | Edition:
    check_write(getattr(plan, "province_id", None))
    found = type(plan).objects.select_for_update(of=("self",), no_key=True).filter(pk=plan.pk).first()
    if found is None:
        raise DomainError("not_found", status=404)
    return found
