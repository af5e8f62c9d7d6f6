"""Tickets that employees raised somewhere else before: from an export of any tool into tickets of friction."""
