from campaigns.models.batches import CodeBatch
from campaigns.models.boxes import Box, BoxEvent, Placement, Scan, ScanHour, StickerJob
from campaigns.models.campaigns import Branch, Campaign, Edition
from campaigns.models.channels import Channel, ChannelCheck
from campaigns.models.funds import Fund, GivingRate
from campaigns.models.needs import Need, NeedItem
from campaigns.models.occasions import Occasion, OccasionAct
from campaigns.models.pages import News, Picture

__all__ = [
    "Box",
    "BoxEvent",
    "Branch",
    "Campaign",
    "Channel",
    "ChannelCheck",
    "CodeBatch",
    "Edition",
    "Fund",
    "GivingRate",
    "Need",
    "NeedItem",
    "News",
    "Occasion",
    "OccasionAct",
    "Picture",
    "Placement",
    "Scan",
    "ScanHour",
    "StickerJob",
]
