"""Figures that were told or taken in, and what editions had received when they closed: for looking."""

from __future__ import annotations

from core.admin_look import look_only
from dashboards.models import ClientFile, ClosingFigures, ToldFigure

look_only(ClientFile, ClosingFigures, ToldFigure)
