"""How the API says that something is wrong: `{"code": …, "detail": …}`, the sentence in Persian."""

from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.errors import DomainError
from core.phrases import sentence


class Conflict(APIException):
    """The same key was used with another body."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"


def handle_exception(error, context) -> Response | None:
    """Turn a DomainError or a framework error into one shape; None lets Django answer 500."""
    if isinstance(error, DomainError):
        answer = {"code": error.code, "detail": sentence(error.code), **_plain(error.data)}
        return Response(
            answer, status=error.data.get("status", status.HTTP_400_BAD_REQUEST), headers=_headers(error)
        )
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, ValidationError):
        response.data = {"code": "invalid", "detail": sentence("invalid"), "fields": response.data}
    else:
        code = getattr(error, "default_code", "error")
        response.data = {"code": code, "detail": str(getattr(error, "detail", "")) or sentence(code)}
    return response


def _headers(error: DomainError) -> dict[str, str]:
    """A refusal that says when to come back says it where HTTP clients look."""
    wait = error.data.get("retry_after")
    return {} if wait is None else {"Retry-After": str(wait)}


def _plain(data: dict) -> dict:
    return {key: value for key, value in data.items() if key != "status"}
