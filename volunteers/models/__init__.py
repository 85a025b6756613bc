"""Tables of this room, by what they speak of."""

from volunteers.models.groups import GroupActivity, GroupMembership, VolunteerGroup
from volunteers.models.people import Consent, JoinDraft, Volunteer
from volunteers.models.privacy import ContactMessage, Revelation
from volunteers.models.registries import Duplicate, RegistryImport, RegistryLine
from volunteers.models.shifts import Assignment, Certificate, Opportunity, Shift
from volunteers.models.surges import Surge, SurgeWant
from volunteers.models.vetting import VettingDecision, VolunteerDocument

__all__ = [
    "Assignment",
    "Certificate",
    "Consent",
    "ContactMessage",
    "Duplicate",
    "GroupActivity",
    "GroupMembership",
    "JoinDraft",
    "Opportunity",
    "RegistryImport",
    "RegistryLine",
    "Revelation",
    "Shift",
    "Surge",
    "SurgeWant",
    "VettingDecision",
    "Volunteer",
    "VolunteerDocument",
    "VolunteerGroup",
]
