"""Rows into records, a module for each part of MAPPING.md; used through `mapper`."""
