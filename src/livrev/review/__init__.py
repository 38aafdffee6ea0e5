"""What the review says: pools, certainty, agreement, retractions and every named Result, computed from the records."""
