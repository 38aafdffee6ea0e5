"""The printed book: from the document tree of each page to Typst, and from Typst to PDF."""
