"""The streams of a load: which endpoint, how far, and what the next ones need to know of it."""
