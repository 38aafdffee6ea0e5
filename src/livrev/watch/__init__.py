"""What is new since the last look, and what was withdrawn: found, ranked and reported, never taken in by itself."""
