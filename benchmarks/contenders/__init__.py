"""Who is measured."""

from benchmarks.contenders.contender import Contender, Site, Skipped
from benchmarks.contenders.document import Prism, Scalar
from benchmarks.contenders.jsonserver import Beta, Stable
from benchmarks.contenders.mockoon import Mockoon
from benchmarks.contenders.ours import Ours, OursOnEveryCore
from benchmarks.contenders.wiremock import WireMock

CONTENDERS: dict[str, Contender] = {
    contender.key: contender
    for contender in (
        *(Ours(), OursOnEveryCore(), Prism(), Scalar(), Mockoon()),
        *(Stable(), Beta(), WireMock()),
    )
}

__all__ = ["CONTENDERS", "Contender", "Site", "Skipped"]
