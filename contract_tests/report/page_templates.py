"""The templates of reports in HTML and Markdown."""

from collections.abc import Callable
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


class PageTemplates(Environment):
    """The templates of a package; they escape what they show, for HTML or by `finalize`."""

    def __init__(self, package: str, finalize: Callable[[Any], Markup] | None = None) -> None:
        super().__init__(
            loader=PackageLoader(package),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
            keep_trailing_newline=True,
            finalize=finalize,
        )

    def source(self, name: str) -> Markup:
        """Return a style sheet or a script of the package, to stand in a page."""
        assert self.loader is not None
        return Markup(self.loader.get_source(self, name)[0])  # noqa: S704 - a file of this package
