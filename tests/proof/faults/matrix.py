"""Which journey passes which points. A module stands for its commits: the points before and after each of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from habrio_local.home import CHECKOUT
from tests.proof.faults import journeys
from tests.proof.faults.journeys import Journey

COMMITS: Mapping[Journey, tuple[str, ...]] = {
    journeys.log_in: ("auth.otps.send", "auth.otps.verify", "auth.users.onboard"),
    journeys.refresh: ("auth.sessions.refresh",),
    journeys.end_sessions: ("auth.sessions.logout", "auth.sessions.revoke"),
    journeys.rename: ("auth.users.rename", "consumer.profile.edit"),
    journeys.administer_user: ("admin.acts.act",),
    journeys.administer_shop: ("shared.outbox.deliver",),
    journeys.hand_in_papers: ("shared.inbox.receive",),
    journeys.move_in: ("consumer.profile.onboard",),
    journeys.fill_and_empty_cart: (
        "consumer.cart.add",
        "consumer.cart.clear",
        "consumer.cart.remove",
        "consumer.cart.update",
    ),
    journeys.see_new_price: ("consumer.cart.show",),
    journeys.load: ("consumer.wallet.load", "consumer.wallet.finish"),
    journeys.deliver: (
        "consumer.orders.place",
        "vendor.notices.hand_out",
        "vendor.notices.notify",
    ),
    journeys.relayed: ("shared.outbox.relay",),
    journeys.cancel: ("consumer.orders.cancel",),
    journeys.reject: ("vendor.orders.move",),
    journeys.change: ("consumer.orders.confirm_change",),
    journeys.time_out: ("vendor.orders.time_out",),
    journeys.talk: ("consumer.chat.say", "vendor.chat.say"),
    journeys.complain: ("consumer.issues.open", "consumer.ratings.rate", "vendor.issues.resolve"),
    journeys.give_back: ("consumer.returns.raise_return", "vendor.returns.reject"),
    journeys.withdraw: ("vendor.payouts.withdraw", "vendor.payouts.send", "vendor.payouts.settle"),
    journeys.open_shop: (
        "vendor.profile.create",
        "vendor.shops.create",
        "vendor.shops.edit",
        "vendor.shops.set_hours",
    ),
    journeys.keep_items: ("vendor.items.add", "vendor.items.delete", "vendor.items.toggle", "vendor.items.update"),
    journeys.give_bank: ("vendor.payout_bank.set_up",),
    journeys.hand_in_file: ("vendor.documents.add",),
    journeys.send_file: (
        "vendor.bulk_uploads.accept",
        "vendor.bulk_uploads.work_off",
        "vendor.bulk_uploads.save",
        "vendor.bulk_uploads.end",
    ),
}

POINTS: Mapping[Journey, tuple[str, ...]] = {
    journeys.rename: ("call.before_send", "call.after_send"),
    journeys.ask_for_code: ("notify.before_send", "notify.after_send"),
    journeys.deliver: ("outbox.before_send", "outbox.after_send"),
    journeys.adjust: ("inbox.after_insert",),
    journeys.relayed: ("relay.after_claim",),
    journeys.withdraw: ("payouts.after_call",),
    journeys.hand_in_file: ("documents.after_file",),
    journeys.send_file: ("bulk_upload.between_batches", "bulk_upload.before_deletion"),
}

NOT_STRUCK: Mapping[str, str] = {
    "auth.housekeeping.tasks": "deletes each hour what is over; what was not deleted is found an hour later",
    "shared.housekeeping": "the same",
    "vendor.bulk_uploads.forget": "the same",
    "auth.users.create_admin": "a command that may be typed again",
    "auth.users.restore": "the same",
    "auth.users.set_role": "the same",
    "auth.users.suspend": "the same",
    "agent.budgets.spend": "the agent runs only with a key; tests/integration/agent looks at its transactions",
    "agent.conversations.erase": "the same",
    "agent.conversations.forget": "the same",
    "agent.conversations.keep": "the same",
    "shared.ledger.proof": "writes down once a night what was found; the next night looks again",
}
"""Modules that commit and have no row, and why."""


def rows() -> list[tuple[str, Journey]]:
    """Every point with the journey that passes it."""
    commits = [
        (f"{module}.{when}_commit", journey)
        for journey, modules in COMMITS.items()
        for module in modules
        for when in ("before", "after")
    ]
    return [*commits, *((point, journey) for journey, points in POINTS.items() for point in points)]


def committing_modules() -> set[str]:
    """Every module of what is shipped that opens a transaction, as its points are named."""
    return {name for name, tree in _modules() if any(_calls(tree, "transaction"))}


def declared_points() -> set[str]:
    """Every point that code declares."""
    return {
        str(call.args[0].value)
        for _, tree in _modules()
        for call in _calls(tree, "declare")
        if isinstance(call.args[0], ast.Constant)
    }


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for package in [CHECKOUT / "shared/habrio_shared", *CHECKOUT.glob("services/*/habrio_*")]:
        for path in package.rglob("*.py"):
            yield _name(package, path), ast.parse(path.read_text(encoding="utf-8"))


def _name(package: Path, path: Path) -> str:
    return ".".join(path.relative_to(package.parent).with_suffix("").parts).removeprefix("habrio_")


def _calls(tree: ast.Module, function: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name == function:
                yield node
