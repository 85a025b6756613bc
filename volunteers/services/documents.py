"""Papers of volunteers: pictures made anew or PDF, sealed on disk, never where the public's files lie."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from core import audit
from core.errors import DomainError
from core.models import User
from core.photos import clean_photo
from core.sealed_files import SealedReader, SealedWriter
from volunteers.enums import DocumentKind, Vetting
from volunteers.models import Volunteer, VolunteerDocument
from volunteers.services.access import locked_volunteer

DIRECTORY = "volunteers"
MOST_BYTES = 5 * 1024 * 1024
MOST_DOCUMENTS = 12
_PDF_HEAD, _PDF_END, _END_WITHIN = b"%PDF-", b"%%EOF", 1024


def add_document(
    volunteer_id: int, upload: UploadedFile, *, kind: DocumentKind, actor: User | None, job: str = ""
) -> VolunteerDocument:
    """Keep a paper of a volunteer (`actor` None and a job: sent by themselves); audited. Whoever was asked for more is
    back in the queue.

    DomainError: not_found, bad_document (neither a picture nor a PDF), document_too_large, too_many_documents.
    """
    content, content_type = _checked(upload)
    path = seal(content)
    try:
        with transaction.atomic():
            volunteer = locked_volunteer(volunteer_id)
            if volunteer.documents.count() >= MOST_DOCUMENTS:
                raise DomainError("too_many_documents", field="file")
            document = VolunteerDocument.objects.create(
                volunteer=volunteer,
                kind=kind,
                path=path,
                content_type=content_type,
                size_bytes=len(content),
                added_by=actor,
            )
            if volunteer.vetting == Vetting.ASKED:
                volunteer.vetting = Vetting.WAITING
                volunteer.save(update_fields=["vetting"])
            audit.record(
                "volunteer.add_document",
                volunteer,
                actor=actor,
                job=job,
                province_code=volunteer.province_id,
                kind=kind,
            )
            return document
    except BaseException:
        drop_files([path])
        raise


def read_document(document: VolunteerDocument, *, actor: User) -> bytes:
    """The paper itself; that it was looked at is audited. DomainError("not_found") when the file is gone."""
    try:
        content = unsealed(document.path)
    except FileNotFoundError:
        raise DomainError("not_found", status=404) from None
    audit.record(
        "volunteer.see_document",
        document.volunteer,
        actor=actor,
        province_code=document.volunteer.province_id,
        document=document.pk,
    )
    return content


def drop_files_of(volunteer: Volunteer) -> None:
    """Take a volunteer's papers off the disk once the transaction has committed."""
    paths = list(volunteer.documents.values_list("path", flat=True))
    transaction.on_commit(lambda: drop_files(paths))


def drop_files(paths: list[str]) -> None:
    for path in paths:
        (Path(settings.MEDIA_ROOT) / path).unlink(missing_ok=True)


def seal(content: bytes, directory: str = DIRECTORY) -> str:
    """Write bytes sealed under MEDIA_ROOT, for the owner of the process alone; gives the path."""
    path = f"{directory}/{uuid.uuid4().hex}.sealed"
    target = Path(settings.MEDIA_ROOT) / path
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(target, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        writer = SealedWriter(file)
        writer.write(content)
        writer.close()
    return path


def unsealed(path: str) -> bytes:
    """What `seal` was given. FileNotFoundError, core.crypto.CannotDecrypt."""
    with (Path(settings.MEDIA_ROOT) / path).open("rb") as file:
        return SealedReader(file).read()


def _checked(upload: UploadedFile) -> tuple[bytes, str]:
    if upload.size > MOST_BYTES:
        raise DomainError("document_too_large", field="file")
    head = upload.read(len(_PDF_HEAD))
    upload.seek(0)
    if head == _PDF_HEAD:
        content = upload.read()
        if _PDF_END not in content[-_END_WITHIN:]:
            raise DomainError("bad_document", field="file")
        return content, "application/pdf"
    try:
        return clean_photo(upload).read(), "image/jpeg"
    except DomainError:
        raise DomainError("bad_document", field="file") from None
