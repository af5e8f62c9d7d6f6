"""Who is let in to the page: one-time links, and sessions that follow from them. No passwords."""
