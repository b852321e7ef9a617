"""Avatars and attachments load from the mock itself, with the stated type and size."""

import io
import zipfile
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from PIL import Image

from mockserver.api.assets.attachment import LARGEST, content
from mockserver.api.assets.avatar import avatar
from tests.support.harness import Api


def files(value: Any) -> list[dict[str, Any]]:
    """Return every attachment in a document."""
    if isinstance(value, list):
        return [found for item in value for found in files(item)]
    if not isinstance(value, dict):
        return []
    own = [value] if "mime_type" in value else []
    return own + [found for item in value.values() for found in files(item)]


def test_every_attachment_of_the_edge_cases_has_its_type_and_size(demo: Api) -> None:
    attached = files(demo.ticket(914))
    assert len(attached) == 29
    for file in attached:
        assert file["url"].startswith("http://localhost/files/attachments/")
        reply = demo.app.test_client().get(urlsplit(file["url"]).path)
        assert reply.status_code == 200, file
        assert (reply.content_type.split(";")[0], len(reply.data)) == (
            file["mime_type"],
            file["size"],
        )
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in reply.headers["Content-Security-Policy"]


def test_avatars_begin_with_the_address_that_the_client_used(demo: Api) -> None:
    page = demo.get("/api/tickets?per_page=100", headers={"Host": "mock.example:8080"}).json
    assert page is not None
    urls = {row["contact"]["avatar_url"] for row in page["data"]} - {None}
    assert urls
    for url in urls:
        assert url.startswith("http://mock.example:8080/files/avatars/")
        reply = demo.app.test_client().get(urlsplit(url).path)
        assert reply.content_type == "image/svg+xml"
        ET.fromstring(reply.data)
    assert b"mock:/" not in demo.get("/api/tickets?per_page=100").data


def test_an_avatar_shows_initials_and_no_markup_of_the_name() -> None:
    assert b">JS</text>" in avatar(1, "Jane van der Smith")
    assert b">&lt;&gt;</text>" in avatar(1, "<script> >")
    assert b"></text>" in avatar(1, " ")


@pytest.mark.parametrize("size", [0, 10, 100_000])
@pytest.mark.parametrize(
    "media_type",
    ["image/png", "application/pdf", "application/zip", "application/json", "video/mp4"],
)
def test_a_file_has_the_size_that_was_asked_for(media_type: str, size: int) -> None:
    assert len(content(media_type, size, 1)) == size


@pytest.mark.parametrize("kind", ["GIF", "JPEG", "PNG", "WEBP"])
def test_a_picture_can_be_read(kind: str) -> None:
    picture = Image.open(io.BytesIO(content(f"image/{kind.lower()}", 50_000, 3)))
    picture.load()
    assert (picture.format, picture.size) == (kind, (480, 320))


def test_an_archive_and_a_pdf_are_whole() -> None:
    archive = zipfile.ZipFile(io.BytesIO(content("application/zip", 9_999, 1)))
    assert archive.testzip() is None
    pdf = content("application/pdf", 99_999, 1)
    place = int(pdf.rsplit(b"startxref\n", 1)[1].split()[0])
    assert pdf[place:].lstrip().startswith(b"xref")
    assert pdf.rstrip().endswith(b"%%EOF")


def test_only_files_that_fit_into_memory_are_served(demo_app: Flask) -> None:
    client = demo_app.test_client()
    assert client.get(f"/files/attachments/1/{LARGEST + 1}/a.zip").status_code == 404
    assert client.get("/files/attachments/1/-1/a.zip").status_code == 404


def test_what_a_browser_would_not_show_is_saved_under_its_name(demo_app: Flask) -> None:
    client = demo_app.test_client()
    saved = client.get("/files/attachments/1/5/%C3%9Cber%20alles.html")
    assert saved.content_type == "application/octet-stream"
    assert "attachment" in saved.headers["Content-Disposition"]
    assert "Content-Disposition" not in client.get("/files/attachments/1/5/a.png").headers
