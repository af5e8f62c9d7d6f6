"""Who is let in: by one-time links and by signing in with Slack, the sessions that follow, and programs by tokens."""
