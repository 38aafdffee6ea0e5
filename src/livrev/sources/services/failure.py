"""Say that a service did not answer as it promised: which, where, what happened, and the cure."""


class ServiceFailed(Exception):
    """Raised where a service cannot be asked or answers what cannot be used; nothing was changed."""

    def __init__(self, service: str, address: str, happened: str, cure: str) -> None:
        self.service, self.address, self.happened, self.cure = service, address, happened, cure
        said = f"{service}: {happened} ({address}); {cure}"
        super().__init__("".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in said))


class NotFound(ServiceFailed):
    """Raised where a service answers that it does not know what was asked for."""


class AddressRefused(ServiceFailed):
    """Raised where an address leads into this machine or its own network, or is no web address at all."""
