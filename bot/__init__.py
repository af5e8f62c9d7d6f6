"""Throughline: cited answers for frontline staff, in Slack."""
