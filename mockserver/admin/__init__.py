"""The levers at /_mock: what a test or a person does to the mock, behind the API's back."""

from mockserver.admin import clock as clock
from mockserver.admin import faults as faults
from mockserver.admin import journal as journal
from mockserver.admin import tickets as tickets
from mockserver.admin import worlds as worlds
from mockserver.admin.activity import endpoints as endpoints  # each registers its levers
from mockserver.admin.context import Mock as Mock
from mockserver.admin.registry import LEVERS as LEVERS
from mockserver.admin.registry import Pull as Pull
from mockserver.admin.registry import lever as lever
from mockserver.admin.routes import add_levers as add_levers
