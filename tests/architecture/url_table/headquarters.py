"""Headquarters."""

from __future__ import annotations

from campaigns.models import GivingRate, Occasion
from dashboards.models import ToldFigure
from tests.architecture.url_table.visitors import (
    ADMINISTRATOR,
    HQ,
    HQ_ACCOUNTANT,
    HQ_ANALYST,
    HQ_MANAGER,
    MAKES_EDITIONS,
    TELLS_FIGURES,
    Address,
    desk,
    of_edition,
    staff,
)

HEADQUARTERS: list[Address] = [
    desk("hq-care", (HQ_ANALYST, HQ_MANAGER)),
    Address("hq", staff(*HQ)),
    desk("hq-reconciliation", HQ),
    desk("hq-campaigns", HQ),
    desk("hq-campaigns-waiting", (HQ_MANAGER,), (HQ_MANAGER,)),
    desk("hq-partners", HQ),
    desk("hq-map", HQ),
    desk("hq-map-province", HQ, example=lambda w: {"slug": "tehran"}),
    desk("edition-new", MAKES_EDITIONS, MAKES_EDITIONS),
    desk("hq-edition", HQ, MAKES_EDITIONS, of_edition),
    desk("edition-edit", MAKES_EDITIONS, MAKES_EDITIONS, of_edition),
    desk("edition-clone", MAKES_EDITIONS, MAKES_EDITIONS, of_edition),
    desk("edition-picture", MAKES_EDITIONS, MAKES_EDITIONS, of_edition),
    desk("edition-news", MAKES_EDITIONS, MAKES_EDITIONS, of_edition),
    desk("edition-file", HQ, example=lambda w: {**of_edition(w), "name": "qr.png"}),
    desk("hq-channels", HQ),
    Address(
        "hq-channel",
        staff(*HQ),
        staff(HQ_MANAGER, HQ_ACCOUNTANT, status=302),
        lambda w: {"channel_id": w.channel.pk},
    ),
    desk("hq-runbook", HQ),
    desk("hq-report", HQ),
    desk("hq-fair-share", HQ),
    desk("hq-fair-share-import", TELLS_FIGURES, TELLS_FIGURES),
    desk("hq-fair-share-file", HQ, example=lambda w: {"form": "csv"}),
    desk("hq-small-gifts", HQ),
    desk("hq-public-figures", HQ, TELLS_FIGURES),
    desk(
        "hq-public-figure",
        TELLS_FIGURES,
        TELLS_FIGURES,
        lambda w: {"figure_id": ToldFigure.objects.earliest("pk").pk},
    ),
    desk("hq-public-figures-file", HQ, example=lambda w: {"form": "csv"}),
    desk("hq-report-file", HQ, example=lambda w: {"form": "xlsx"}),
    desk("hq-health", (HQ_MANAGER, ADMINISTRATOR)),
    desk("hq-runbook-file", HQ),
    desk("hq-runbook-template-new", (HQ_MANAGER,), (HQ_MANAGER,)),
    desk("hq-runbook-template", HQ, (HQ_MANAGER,), lambda w: {"template_id": w.runbook.template_id}),
    desk(
        "hq-runbook-task-new", (HQ_MANAGER,), (HQ_MANAGER,), lambda w: {"template_id": w.runbook.template_id}
    ),
    desk("hq-runbook-task", (HQ_MANAGER,), (HQ_MANAGER,), lambda w: {"task_id": w.runbook_task.origin_id}),
    desk("hq-runbook-attachment", HQ, example=lambda w: {"attachment_id": w.attachment.pk}),
    desk("hq-occasions", HQ),
    desk("hq-occasion-new", (HQ_MANAGER,), (HQ_MANAGER,)),
    desk("hq-occasion-import", (HQ_MANAGER,), (HQ_MANAGER,)),
    desk("hq-occasions-file", HQ),
    Address(
        "hq-occasion",
        staff(*HQ),
        staff(HQ_MANAGER, status=302),
        lambda w: {"occasion_id": Occasion.objects.latest("pk").pk},
    ),
    desk("hq-rates", HQ, (HQ_MANAGER, HQ_ACCOUNTANT)),
    desk(
        "hq-rate", HQ, (HQ_MANAGER, HQ_ACCOUNTANT), lambda w: {"rate_id": GivingRate.objects.latest("pk").pk}
    ),
    Address("hq-province", staff(*HQ), example=lambda w: {"slug": "tehran"}),
]
