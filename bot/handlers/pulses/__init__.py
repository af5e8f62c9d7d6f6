"""One-tap questions in Slack: who is asked now (asking), what is pressed (surface), how it looks (cards)."""
