"""Friction in Slack: the form that reports it, and what people read of tickets."""
