"""What a command lists or did, as plain values: printed in a terminal or shown in Slack, the words are the same."""
