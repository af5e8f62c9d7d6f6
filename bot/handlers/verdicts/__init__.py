"""Whether an answer was any good, and what was wrong with it."""
