"""URLs and media types of the files that the mock serves: avatars and attachments."""

from urllib.parse import quote

_MIME_TYPES = {
    "csv": "text/csv",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "eml": "message/rfc822",
    "gif": "image/gif",
    "har": "application/json",
    "ics": "text/calendar",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "json": "application/json",
    "log": "text/plain",
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "txt": "text/plain",
    "webp": "image/webp",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
    "zip": "application/zip",
}


OWN = "mock:/"
"""How the URL of a file begins in the store; a response has the mock's own address instead."""


def avatar_url(id: int, name: str) -> str:
    return f"{OWN}files/avatars/{id}/{quote(name, safe='')}.svg"


def attachment_url(id: int, name: str, size: int) -> str:
    return f"{OWN}files/attachments/{id}/{size}/{quote(name, safe='')}"


def mime_type(name: str) -> str:
    """Return the media type of a file name, independent of the machine."""
    return _MIME_TYPES.get(name.rsplit(".", 1)[-1].lower(), "application/octet-stream")
