"""The verdict of the contract on a request: what it does not know, and what was meant instead."""

from mockserver.verdict.finding import KINDS as KINDS
from mockserver.verdict.finding import Finding as Finding
from mockserver.verdict.judge import Judge as Judge
from mockserver.verdict.judge import Judgement as Judgement
from mockserver.verdict.judge import Request as Request
from mockserver.verdict.route import generic as generic
