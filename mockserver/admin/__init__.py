"""The admin API at /_mock: control of worlds, clocks, faults, incoming mail and the journal."""

from mockserver.admin import clock as clock
from mockserver.admin import faults as faults
from mockserver.admin import journal as journal
from mockserver.admin import tickets as tickets
from mockserver.admin import worlds as worlds
from mockserver.admin.activity import endpoints as endpoints  # each registers its endpoints
from mockserver.admin.context import AdminContext as AdminContext
from mockserver.admin.registry import ENDPOINTS as ENDPOINTS
from mockserver.admin.registry import AdminRequest as AdminRequest
from mockserver.admin.registry import admin_endpoint as admin_endpoint
from mockserver.admin.routes import register_admin as register_admin
