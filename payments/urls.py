"""Addresses of this room, below /pay/."""

app_name = "payments"
urlpatterns: list = []
