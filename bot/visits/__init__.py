"""Who is let in to the page: by one-time links and by signing in with Slack, and the sessions that follow."""
