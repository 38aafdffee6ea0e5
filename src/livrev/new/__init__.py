"""Begin a review, a chapter or a study: plans first, nothing written before all of it can be."""
