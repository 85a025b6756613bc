from campaigns.models.batches import CodeBatch
from campaigns.models.boxes import Box, BoxEvent, Placement, Scan, ScanHour, SheetPrint, StickerJob
from campaigns.models.campaigns import Branch, Campaign, Edition
from campaigns.models.channels import Channel, ChannelCheck
from campaigns.models.events import Event, EventCost, EventNeed, Guest
from campaigns.models.funds import Fund, GivingRate
from campaigns.models.needs import Need, NeedItem
from campaigns.models.occasions import Occasion, OccasionAct
from campaigns.models.pages import News, Picture
from campaigns.models.runbook import Runbook, RunbookTask, RunbookTemplate, TaskAttachment, TemplateTask

__all__ = [
    "Box",
    "BoxEvent",
    "Branch",
    "Campaign",
    "Channel",
    "ChannelCheck",
    "CodeBatch",
    "Edition",
    "Event",
    "EventCost",
    "EventNeed",
    "Fund",
    "GivingRate",
    "Guest",
    "Need",
    "NeedItem",
    "News",
    "Occasion",
    "OccasionAct",
    "Picture",
    "Placement",
    "Runbook",
    "RunbookTask",
    "RunbookTemplate",
    "Scan",
    "ScanHour",
    "SheetPrint",
    "StickerJob",
    "TaskAttachment",
    "TemplateTask",
]
