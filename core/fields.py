"""Model fields whose value is not what lies in the database."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldError
from django.db import models

from core.crypto import decrypt, encrypt


class EncryptedTextField(models.TextField):
    """Text that is AES-GCM ciphertext in the database and plain text on the model.

    Bound to "<app>.<model>.<field>": a ciphertext copied into another field cannot be read. When a field is
    renamed or moved, pass the old name as `context`, or its rows become unreadable. None and "" are
    stored as they are. Only `__isnull` and comparing with "" can be asked of the database: to find rows keep
    `core.crypto.keyed_hash` of the value beside it. Reading raises `core.crypto.CannotDecrypt`.
    """

    description = "Text, encrypted at rest"

    def __init__(self, *args: Any, context: str = "", **kwargs: Any) -> None:
        self.context = context
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        if self.context:
            kwargs["context"] = self.context
        return name, path, args, kwargs

    @property
    def bound_to(self) -> str:
        """What the ciphertext is authenticated with."""
        return self.context or f"{self.model._meta.label_lower}.{self.name}"

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return encrypt(value, self.bound_to) if value else value

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return decrypt(value, self.bound_to) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        if lookup_name == "exact":
            return _BlankOnly
        raise FieldError(
            f"{self.name} is encrypted: search by a keyed hash beside it, not with __{lookup_name}"
        )

    def get_transform(self, lookup_name: str) -> Any:
        raise FieldError(f"{self.name} is encrypted: the database cannot compute with it")


class _BlankOnly(models.lookups.Exact):
    """`field=""` finds rows without a value; any other comparison would silently find nothing."""

    def get_prep_lookup(self) -> Any:
        if self.rhs not in ("", None):  # Django turns None into isnull
            raise FieldError("an encrypted field can only be compared with the empty text")
        return super().get_prep_lookup()
