"""What the daily tidying deletes, and what it leaves."""

from __future__ import annotations

from sqlalchemy import func, select, update

from habrio_shared.database import after, reading, transaction
from habrio_shared.idempotency.tables import idempotency_keys
from habrio_vendor.housekeeping.tasks import housekeeping
from tests.integration.vendor.people import World

EIGHT_DAYS_AGO = after(-8 * 86_400)


def test_keys_are_forgotten_after_a_week_and_not_before(world: World) -> None:
    for key in ("old", "new"):
        world.vendor.post("/vendor/item/add", {"title": "Rice", "price": 1}, headers={"Idempotency-Key": key})
    mine = idempotency_keys.c.user_id == world.vendor.user_id
    with world.app.app_context():
        with transaction() as session:
            old = update(idempotency_keys).where(mine, idempotency_keys.c.key == "old")
            session.execute(old.values(created_at=EIGHT_DAYS_AGO))
        housekeeping()
        with reading() as session:
            assert session.scalars(select(idempotency_keys.c.key).where(mine)).all() == ["new"]
            count = session.scalar(select(func.count()).select_from(idempotency_keys))
        housekeeping()
        with reading() as session:
            assert session.scalar(select(func.count()).select_from(idempotency_keys)) == count
