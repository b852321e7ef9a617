"""Files that responses point to, generated from their URL: avatars and attachments."""

from flask import Flask, Response, abort

from mockserver.api.assets.attachment import LARGEST, content
from mockserver.api.assets.avatar import avatar
from mockserver.seed.generator.files import OWN, mime_type

_STORED = b'url":"' + OWN.encode()
_HEADERS = {
    "Cache-Control": "public, max-age=86400, immutable",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}
_INLINE = ("image/", "text/plain", "application/pdf")
"""Media types that a browser shows; it saves others."""


def add_files(app: Flask) -> None:
    """Serve the files; nothing in a URL is read from the disk."""

    @app.get("/files/avatars/<int:id>/<path:name>.svg")
    def avatar_file(id: int, name: str) -> Response:
        return _file(avatar(id, name), "image/svg+xml")

    @app.get("/files/attachments/<int:id>/<int:size>/<path:name>")
    def attachment_file(id: int, size: int, name: str) -> Response:
        if size > LARGEST:
            abort(404)
        media_type = mime_type(name)
        response = _file(content(media_type, size, id), media_type)
        if not media_type.startswith(_INLINE):
            response.headers.set("Content-Disposition", "attachment", filename=name)
        return response


def with_addresses(body: bytes, root: str) -> bytes:
    """Return a response in which the URLs of files begin with the mock's own address."""
    return body.replace(_STORED, b'url":"' + root.encode() + b"/")


def _file(body: bytes, media_type: str) -> Response:
    return Response(body, content_type=media_type, headers=_HEADERS)
