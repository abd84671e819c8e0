"""Papers by which a vendor proves who they are, and how their review stands."""
