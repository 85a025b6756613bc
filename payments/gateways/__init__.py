"""The bank gateways, by name. A new one is a module here, a line below and recorded replies in the tests."""

from payments.gateways.base import Gateway
from payments.gateways.mellat import Mellat
from payments.gateways.sadad import Sadad
from payments.gateways.sep import Sep
from payments.gateways.zarinpal import ZarinPal
from payments.gateways.zibal import Zibal

GATEWAYS: dict[str, Gateway] = {
    adapter.name: adapter for adapter in (ZarinPal(), Sep(), Sadad(), Mellat(), Zibal())
}


def gateway(name: str) -> Gateway:
    """The adapter of that name; KeyError for a gateway that was never built."""
    return GATEWAYS[name]
