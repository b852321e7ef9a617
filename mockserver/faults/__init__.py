"""What goes wrong on purpose: latency, errors, limits and broken replies, the same on each run."""

from mockserver.faults.fault import GRAMMAR as GRAMMAR
from mockserver.faults.fault import Fault as Fault
from mockserver.faults.interference import Interference as Interference
from mockserver.faults.plans import EVERY as EVERY
from mockserver.faults.plans import Faults as Faults
from mockserver.faults.plans import Plan as Plan
from mockserver.faults.plans import TooManyFaults as TooManyFaults
from mockserver.faults.shared import SharedFaults as SharedFaults
