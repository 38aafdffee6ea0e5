"""Checks: anchors, arithmetic, results, chapters, citations; `review` runs them all."""
