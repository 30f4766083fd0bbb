"""What people would do in the real system, as control actions."""
