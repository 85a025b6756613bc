"""Who promised: partners, memoranda, commitments; and what a neighbourhood has."""

from partnerships.models.agreements import Agreement, AgreementFile, AgreementItem, ItemShare
from partnerships.models.assets import CommunityAsset
from partnerships.models.partners import Partner, PartnerContact, PartnerSite
from partnerships.models.promises import Commitment, Instalment, PromiseDelivery, PromiseReminder

__all__ = [
    "Agreement",
    "AgreementFile",
    "AgreementItem",
    "Commitment",
    "CommunityAsset",
    "Instalment",
    "ItemShare",
    "Partner",
    "PartnerContact",
    "PartnerSite",
    "PromiseDelivery",
    "PromiseReminder",
]
