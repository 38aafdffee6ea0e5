"""Keep the review alive: search again, rank, screen, ask for retractions, look after links, make a release."""
