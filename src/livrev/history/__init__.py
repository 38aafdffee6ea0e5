"""What the review said, version by version: snapshots of Results, and the differences between two of them."""

from livrev.history.changes import Change, Changes, compare
from livrev.history.snapshot import Snapshot, read_history, take_snapshot, write_snapshot

__all__ = ["Change", "Changes", "Snapshot", "compare", "read_history", "take_snapshot", "write_snapshot"]
