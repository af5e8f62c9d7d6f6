"""What the numbers say together: pure functions of plain rows and arrays, each with its evidence.

Nothing here reads a database, the clock or Slack, and nothing says what is the reason for what.
"""
