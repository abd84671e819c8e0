"""What the tidying deletes, and what it leaves."""

from __future__ import annotations

from sqlalchemy import select, update

from habrio_consumer.housekeeping.tasks import housekeeping
from habrio_shared.database import after, reading, transaction
from habrio_shared.idempotency.tables import idempotency_keys
from habrio_shared.outbox.tables import outbox
from tests.integration.consumer.people import World

EIGHT_DAYS_AGO = after(-8 * 86_400)
FORTY_DAYS_AGO = after(-40 * 86_400)


def test_keys_are_forgotten_after_a_week_and_not_before(world: World) -> None:
    for key in ("old", "new"):
        world.resident.post("/consumer/wallet/load", {"amount": 1}, headers={"Idempotency-Key": key})
    mine = idempotency_keys.c.user_id == world.resident.user_id
    with world.app.app_context():
        with transaction() as session:
            old = update(idempotency_keys).where(mine, idempotency_keys.c.key == "old")
            session.execute(old.values(created_at=EIGHT_DAYS_AGO))
        housekeeping()
        with reading() as session:
            assert session.scalars(select(idempotency_keys.c.key).where(mine)).all() == ["new"]
    assert world.resident.balance() == 2, "forgetting a key undoes nothing"


def test_messages_that_wait_are_kept_however_old_and_delivered_ones_for_a_month(world: World) -> None:
    delivered = world.placed("cash", quantity=1)
    world.resident.fill(world.rice)
    world.vendor.is_away = True
    waiting = world.resident.confirm("cash", expect=202)["order_id"]
    keys = [f"place:{delivered}", f"place:{waiting}"]
    with world.app.app_context():
        with transaction() as session:
            both = update(outbox).where(outbox.c.key.in_(keys))
            session.execute(both.values(created_at=FORTY_DAYS_AGO))
            session.execute(both.where(outbox.c.key == keys[0]).values(done_at=FORTY_DAYS_AGO))
        housekeeping()
        with reading() as session:
            assert session.scalars(select(outbox.c.key).where(outbox.c.key.in_(keys))).all() == [keys[1]]
    world.vendor.is_away = False
    world.relay_until(lambda: bool(world.resident.order(waiting)["timeline"]), "the old message is delivered")
    assert world.resident.status(delivered) == "pending"
