"""A backup of a platform that trades, put back in a new place: orders, money, files, sessions; its books are right."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from habrio_local import postgres as postgresql
from habrio_local.home import CHECKOUT
from tests.support import papers
from tests.support.books import assert_books_balance
from tests.support.client import Phone
from tests.support.society import Shop, Society, buy
from tests.support.stack import Servers, Stack, local_command, running_stack
from tests.support.waiting import until

BANK = {"bank_name": "State Bank", "account_number": "001234567890", "ifsc_code": "SBIN0001234"}
ORDERS_MEANWHILE = 5
PAID_SECONDS = 40


@contextmanager
def trade(shop: Shop, resident: Phone) -> Iterator[None]:
    """Orders are placed and delivered during the block, some of them before it begins."""
    enough, stop = threading.Event(), threading.Event()
    placed: list[int] = []

    def go_on() -> None:
        while not stop.is_set():
            placed.append(buy(resident, shop, Rice=1))
            shop.set_status(placed[-1], "delivered")
            if len(placed) >= ORDERS_MEANWHILE:
                enough.set()

    trader = threading.Thread(target=go_on)
    trader.start()
    try:
        assert enough.wait(60)
        before = len(placed)
        yield
        until(lambda: len(placed) > before, seconds=20, what="trade goes on")
    finally:
        stop.set()
        trader.join(60)


def test_a_backup_of_a_running_platform_is_another_platform(tmp_path: Path) -> None:
    kept = tmp_path / "backup"
    with running_stack() as stack:
        society = Society(stack.url, patience_seconds=20)
        shop, resident, busy = (
            society.open_shop(Rice=500, Tea=50),
            society.resident(money=500),
            society.resident(money=9000),
        )
        shop.owner.post("/vendor/payout/setup", BANK)
        paper = papers.padded_pdf(100_000)
        file = {"file": ("licence.pdf", paper, "application/octet-stream")}
        uploaded = shop.owner.raw("POST", "/vendor/upload-document", files=file, data={"document_type": "shop_licence"})
        assert uploaded.status_code == 200
        delivered, open_order = buy(resident, shop, Tea=4), buy(resident, shop, Tea=1)
        shop.set_status(delivered, "delivered")
        with trade(shop, busy):
            saved = stack.command("backup", str(kept))
            assert saved.returncode == 0, saved.stderr
        assert stack.command("backup", str(kept)).returncode == 1, "a backup is never written over"
        resident.post("/consumer/wallet/load", {"amount": 1})  # after the backup: not in it
    with restored_stack(kept) as stack:
        resident.url = shop.owner.url = stack.url
        assert stack.command("ledger", "verify").returncode == 0
        assert_books_balance(stack)
        assert resident.get("/consumer/wallet")["balance"] == 500 - 84 - 21
        assert resident.get(f"/consumer/orders/{delivered}")["order"]["status"] == "delivered"
        shop.set_status(open_order, "delivered")
        [document] = shop.owner.get("/vendor/documents")["documents"]
        assert requests.get(stack.url + document["file_url"], timeout=10).content == paper
        shop.owner.post("/vendor/wallet/withdraw", {"amount": 100})  # its account number can be read again
        until(lambda: payout_status(shop) == "paid", seconds=PAID_SECONDS, what="a payout is paid")
        assert_books_balance(stack)


def payout_status(shop: Shop) -> str:
    [payout] = shop.owner.get("/vendor/payouts")["payouts"]
    return str(payout["status"])


@contextmanager
def restored_stack(kept: Path) -> Iterator[Stack]:
    folder = Path(tempfile.mkdtemp(prefix="habrio-test-"))
    restored = local_command(folder, "restore", str(kept))
    assert restored.returncode == 0, restored.stdout + restored.stderr
    with running_stack(folder=folder) as stack:
        again = stack.command("restore", str(kept))
        assert again.returncode == 1
        assert "has data already" in again.stderr
        yield stack


class Database:
    """A fresh database with the platform's roles, and the scripts on it."""

    def __init__(self, servers: Servers) -> None:
        self.url = servers.fresh_database_url()

    def sql(self, statement: str) -> str:
        done = self._run([str(postgresql.client_programs() / "psql"), "-XAtq", "-c", statement, self.url])
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def script(self, name: str, folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
        return self._run(
            ["sh", str(CHECKOUT / "deploy" / "postgres" / name), str(folder)], DATABASE_URL=self.url, **environ
        )

    def _run(self, command: list[str], **environ: str) -> subprocess.CompletedProcess[str]:
        own = {"PATH": "/usr/bin:/bin", "PG_BIN": str(postgresql.client_programs()), **environ}
        return subprocess.run(command, env=own, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def database(postgres: Servers) -> Database:
    found = Database(postgres)
    found.sql("CREATE TABLE auth.things AS SELECT generate_series(1, 100000)::text AS n")
    found.sql("ALTER TABLE auth.things OWNER TO habrio_auth")
    return found


def test_the_scripts_replace_only_when_told_to_and_bring_owners_and_rights_back(
    database: Database, tmp_path: Path
) -> None:
    uploads, kept = tmp_path / "uploads", tmp_path / "kept"
    uploads.mkdir()
    (uploads / "a file").write_text("content")
    assert database.script("backup.sh", kept, UPLOAD_FOLDER=str(uploads)).returncode == 0
    database.sql("TRUNCATE auth.things; CREATE TABLE vendor.newer (n int)")

    refused = database.script("restore.sh", kept)
    assert (refused.returncode, "REPLACE=yes" in refused.stderr) == (1, True)
    refused = database.script("restore.sh", kept, REPLACE="yes", UPLOAD_FOLDER=str(uploads))
    assert (refused.returncode, "is not empty" in refused.stderr) == (1, True)
    assert database.sql("SELECT count(*) FROM auth.things") == "0"

    elsewhere = tmp_path / "elsewhere"
    done = database.script("restore.sh", kept, REPLACE="yes", UPLOAD_FOLDER=str(elsewhere))
    assert (done.returncode, done.stderr) == (0, "")
    assert (elsewhere / "a file").read_text() == "content"
    assert database.sql("SELECT count(*), sum(n::int) FROM auth.things") == "100000|5000050000"
    assert database.sql("SELECT tableowner FROM pg_tables WHERE tablename = 'things'") == "habrio_auth"
    assert database.sql("SELECT to_regclass('vendor.newer') IS NULL") == "t"
    assert database.sql("SELECT has_schema_privilege('habrio_gateway', 'auth', 'USAGE')") == "t"
    assert database.sql("SELECT has_schema_privilege('habrio_vendor', 'auth', 'USAGE')") == "f"


def test_a_backup_that_is_damaged_changes_nothing(database: Database, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    assert database.script("backup.sh", kept).returncode == 0
    dump = kept / "database.dump"
    whole = dump.read_bytes()
    dump.write_bytes(whole[: len(whole) // 2])
    refused = database.script("restore.sh", kept, REPLACE="yes")
    assert (refused.returncode, "database.dump" in refused.stderr) == (1, True)

    dumps = sorted(path.name for path in kept.glob("*.dump"))
    sums = subprocess.run(["sha256sum", *dumps], cwd=kept, capture_output=True, text=True, check=True)
    (kept / "SHA256SUMS").write_text(sums.stdout)
    assert database.script("restore.sh", kept, REPLACE="yes").returncode != 0, "cut short when it was made"
    assert database.sql("SELECT count(*) FROM auth.things") == "100000"
    shutil.rmtree(kept)
