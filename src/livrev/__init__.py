"""A living review: evidence records, checks, and the book made from them."""
