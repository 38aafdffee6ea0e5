"""The records as pandas frames: what notebooks, and readers who re-run them, think in."""
