"""The weekly digest to one reader, and alerts: what is in them, who wants none, who was told of what already."""
