"""How an act of an administrator is carried out by the service that owns what it touches (ADR 0016)."""
