from cases.models.care import CareCase, CareCategory, CareMessage
from cases.models.cases import Case

__all__ = ["CareCase", "CareCategory", "CareMessage", "Case"]
