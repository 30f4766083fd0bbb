"""Every change of an announcement's status, each file by who makes it."""
