"""`make bench`: what the bot costs, each figure a ratio to a floor or a peer measured in the same run."""
