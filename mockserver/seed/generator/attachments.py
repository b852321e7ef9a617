"""URLs and media types of attachments."""

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


def attachment_url(id: int, name: str) -> str:
    return f"https://files.example.com/attachments/{id}/{quote(name)}"


def mime_type(name: str) -> str:
    """Return the media type of a file name, independent of the machine."""
    return _MIME_TYPES.get(name.rsplit(".", 1)[-1].lower(), "application/octet-stream")
