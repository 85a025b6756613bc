"""The printed code of an edition or a branch as files: SVG and PNG for whoever lays out print, and a poster."""

from __future__ import annotations

from django.conf import settings

from campaigns import plan_phrases as phrases
from campaigns.models import Branch, Edition, Placement
from campaigns.sticker_sheet import Sticker, StickerSize, render_sheet
from core.qr import qr_png, qr_svg

FILES = {"qr.svg": "image/svg+xml", "qr.png": "image/png", "poster.pdf": "application/pdf"}


def file_of(plan: Branch | Edition, placement: Placement, name: str) -> bytes:
    """One of FILES, made now."""
    url = f"{settings.PORTAL_BASE_URL}/q/{placement.code}/"
    if name == "qr.svg":
        return qr_svg(url, phrases.QR_TITLE.format(name=plan)).encode()
    if name == "qr.png":
        return qr_png(url)
    return render_sheet([_poster(plan, placement, url)], StickerSize.POSTER, made_at=placement.created_at)


def _poster(plan: Branch | Edition, placement: Placement, url: str) -> Sticker:
    in_province = isinstance(plan, Branch)
    edition = plan.edition if in_province else plan
    return Sticker(
        url=url,
        code=placement.code,
        title=edition.campaign.name,
        subtitle=str(phrases.POSTER_LEAD if in_province else phrases.POSTER_LEAD_NATIONAL),
        province=plan.province.name if in_province else "",
    )
