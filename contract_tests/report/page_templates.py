"""Templates of the pages that reports are: escaped, complete, and without another file."""

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


class PageTemplates(Environment):
    """The templates of a package; what a page includes of them as it is, is our own."""

    def __init__(self, package: str) -> None:
        super().__init__(
            loader=PackageLoader(package),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
        )

    def source(self, name: str) -> Markup:
        """Return a style sheet or a script of the package, to stand in a page."""
        assert self.loader is not None
        return Markup(self.loader.get_source(self, name)[0])  # noqa: S704 - a file of this package
