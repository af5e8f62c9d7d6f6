"""Who is who in a Slack workspace, and where the bot can write there."""
