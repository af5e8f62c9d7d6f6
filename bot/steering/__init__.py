"""What those who steer write down: what happened when, how good we are, what comes next, what belongs together."""
