"""Say what went wrong with the PDF."""


class PdfFailed(Exception):
    """Raised where the PDF cannot be made; its message says what is missing or wrong, and the cure."""
