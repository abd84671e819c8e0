"""What services say to each other: messages (kept in an outbox until answered) and plain questions.

Contracts only grow: a field is added with a default, never renamed or removed, so that a service can be deployed alone.
"""
