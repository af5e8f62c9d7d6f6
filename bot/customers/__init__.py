"""Customers, and what happened with them on every channel: imported, kept apart by system, found by what people say.

Knows no Slack and no people: whoever looks something up hands in the audiences they belong to.
"""
