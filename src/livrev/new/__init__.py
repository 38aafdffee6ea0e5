"""Begin what a person then writes: a chapter with its notebook and its place in the contents."""
