"""The levers at /_mock: what a test or a person does to the mock, behind the API's back."""

from mockserver.control import busy as busy  # each registers its levers
from mockserver.control import clock as clock
from mockserver.control import faults as faults
from mockserver.control import journal as journal
from mockserver.control import mail as mail
from mockserver.control import worlds as worlds
from mockserver.control.blueprint import add_levers as add_levers
from mockserver.control.mock import Mock as Mock
from mockserver.control.registry import LEVERS as LEVERS
from mockserver.control.registry import Pull as Pull
from mockserver.control.registry import lever as lever
