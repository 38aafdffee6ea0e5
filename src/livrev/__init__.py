"""The living liver review: evidence records, checks, and the book made from them."""
