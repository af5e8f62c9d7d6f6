"""Which contacts are about one thing, over all channels, and whether it is over."""
