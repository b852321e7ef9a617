"""Tickets that a screen must survive, at fixed ids."""
