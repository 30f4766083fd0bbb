"""Import runs: asked for, read page by page, applied at once, taken up again after a crash."""
