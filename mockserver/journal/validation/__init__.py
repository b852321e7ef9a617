"""Validation of a request against the contract, with the nearest documented name."""

from mockserver.journal.validation.finding import KINDS as KINDS
from mockserver.journal.validation.finding import Finding as Finding
from mockserver.journal.validation.route import generic as generic
from mockserver.journal.validation.validator import Request as Request
from mockserver.journal.validation.validator import RequestValidator as RequestValidator
from mockserver.journal.validation.validator import ValidationResult as ValidationResult
