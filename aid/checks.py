"""What must be true of this room."""

from aid import stock_checks  # noqa: F401  registers its checks with these
