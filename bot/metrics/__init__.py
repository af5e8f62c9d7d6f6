"""What is measured, as functions of plain rows: no database, no Slack, no wording. docs/metrics.md lists them all."""
