"""Who looked at which customer: rows that are only ever added, each sealed with a hash over the one before.

Knows no customers and no people: a customer is a random alias, somebody who looks is an id.
"""

from bot.audit.chain import Head, head, record
from bot.audit.guard import guarded
from bot.audit.rows import ON_MACHINE, Purpose, View
from bot.audit.verifying import Expected, Fault, Verdict, verify

__all__ = [
    "ON_MACHINE",
    "Expected",
    "Fault",
    "Head",
    "Purpose",
    "Verdict",
    "View",
    "guarded",
    "head",
    "record",
    "verify",
]
