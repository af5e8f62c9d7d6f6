"""A week that signals of tests are about."""

from datetime import date

from bot.signals.signal import Period

A_WEEK = Period(date(2026, 11, 16), date(2026, 11, 22))
