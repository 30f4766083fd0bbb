"""`make demo`: one command that sets everything up on this machine and keeps it running."""
