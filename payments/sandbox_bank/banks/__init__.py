"""The practice banks, one module each."""

from payments.sandbox_bank.banks.base import PracticeBank
from payments.sandbox_bank.banks.mellat import MellatBank
from payments.sandbox_bank.banks.sadad import SadadBank
from payments.sandbox_bank.banks.sep import SepBank
from payments.sandbox_bank.banks.zarinpal import ZarinPalBank
from payments.sandbox_bank.banks.zibal import ZibalBank

BANKS: tuple[type[PracticeBank], ...] = (ZarinPalBank, SepBank, SadadBank, MellatBank, ZibalBank)
