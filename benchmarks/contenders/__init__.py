"""The servers that are measured: this mock, its peers, and a constant Flask view."""

from benchmarks.contenders.contender import Contender, Site, Skipped
from benchmarks.contenders.document import Prism, Scalar
from benchmarks.contenders.jsonserver import Beta, Stable
from benchmarks.contenders.mockoon import Mockoon
from benchmarks.contenders.ours import Floor, Ours

CONTENDERS: dict[str, Contender] = {
    contender.key: contender
    for contender in (*(Ours(), Floor(), Prism(), Scalar(), Mockoon(), Stable(), Beta()),)
}

__all__ = ["CONTENDERS", "Contender", "Site", "Skipped"]
