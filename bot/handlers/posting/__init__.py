"""What the outbox owes, sent: the only rooms that post."""
