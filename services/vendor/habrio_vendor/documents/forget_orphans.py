"""Files that no document has, for the service died between keeping the file and saying so: deleted after a day."""

from __future__ import annotations

from itertools import islice

from habrio_shared.database import reading
from habrio_vendor.clients.storage import current_storage
from habrio_vendor.documents.add import FOLDER
from habrio_vendor.documents.queries import keys_in_use

AGE_SECONDS = 86_400
BATCH = 500


def forget_orphans() -> int:
    """Delete them; how many. A request lasts seconds, so none is at work on a file of that age."""
    storage = current_storage()
    deleted = 0
    old = storage.older_than(FOLDER, AGE_SECONDS)
    while keys := list(islice(old, BATCH)):
        with reading() as session:
            orphans = set(keys) - keys_in_use(session, keys)
        for key in orphans:
            storage.delete(key)
        deleted += len(orphans)
    return deleted
