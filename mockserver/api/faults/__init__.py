"""Injected faults: latency, errors, rate limits and broken responses, equal on each run."""

from mockserver.api.faults.active import EVERY as EVERY
from mockserver.api.faults.active import ActiveFault as ActiveFault
from mockserver.api.faults.active import Faults as Faults
from mockserver.api.faults.active import TooManyFaults as TooManyFaults
from mockserver.api.faults.injector import FaultInjector as FaultInjector
from mockserver.api.faults.syntax import GRAMMAR as GRAMMAR
from mockserver.api.faults.syntax import Fault as Fault
