"""The verdict of the contract on a request: what it does not know, and what was meant instead."""

from mockserver.journal.validation.finding import KINDS as KINDS
from mockserver.journal.validation.finding import Finding as Finding
from mockserver.journal.validation.judge import Judge as Judge
from mockserver.journal.validation.judge import Judgement as Judgement
from mockserver.journal.validation.judge import Request as Request
from mockserver.journal.validation.route import generic as generic
