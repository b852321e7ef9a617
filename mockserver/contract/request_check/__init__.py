"""Validation of a request against the contract, with the nearest documented name."""

from mockserver.contract.request_check.finding import KINDS as KINDS
from mockserver.contract.request_check.finding import Finding as Finding
from mockserver.contract.request_check.route import generic as generic
from mockserver.contract.request_check.validator import Request as Request
from mockserver.contract.request_check.validator import RequestValidator as RequestValidator
from mockserver.contract.request_check.validator import ValidationResult as ValidationResult
