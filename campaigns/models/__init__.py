from campaigns.models.boxes import Box, BoxEvent, Placement, Scan, ScanHour, StickerJob
from campaigns.models.campaigns import Branch, Campaign, Edition
from campaigns.models.channels import Channel, ChannelCheck
from campaigns.models.funds import Fund, GivingRate
from campaigns.models.needs import Need
from campaigns.models.occasions import Occasion, OccasionAct

__all__ = [
    "Box",
    "BoxEvent",
    "Branch",
    "Campaign",
    "Channel",
    "ChannelCheck",
    "Edition",
    "Fund",
    "GivingRate",
    "Need",
    "Occasion",
    "OccasionAct",
    "Placement",
    "Scan",
    "ScanHour",
    "StickerJob",
]
