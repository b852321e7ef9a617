"""Admin API: whether the mock is ready."""

from typing import Any

from mockserver import __version__
from mockserver.admin.registry import AdminRequest, admin_endpoint
from mockserver.store import SHARED


@admin_endpoint("getHealth")
def get_health(request: AdminRequest) -> dict[str, Any]:
    request.context.store.worlds.entry(SHARED)  # raises StoreUnavailable, which is a 503
    return {"status": "ok", "version": __version__}
