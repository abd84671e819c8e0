"""`make monitor`: the committed files with the ports that a stack has, and words for whoever lacks the programs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from habrio_local import monitor
from habrio_local.cli import main
from habrio_local.home import Home
from habrio_local.ports import DEFAULT_PORTS

MOVED = {name: port + 20_000 for name, port in {**DEFAULT_PORTS, **monitor.PORTS}.items() if name != "postgres"}


def written(place: Path, **environ: str) -> tuple[str, str]:
    monitor.write_configuration(monitor.CONFIGURATION, place, MOVED, environ)
    assert (place / "alert_rules.yml").read_bytes() == (monitor.CONFIGURATION / "alert_rules.yml").read_bytes()
    return (place / "prometheus.yml").read_text(), (place / "alertmanager.yml").read_text()


def test_every_target_is_where_the_stack_has_it(tmp_path: Path) -> None:
    prometheus, _alertmanager = written(tmp_path)
    before = re.findall(r"127\.0\.0\.1:(\d+)", (monitor.CONFIGURATION / "prometheus.yml").read_text())
    assert len(before) > 10
    assert re.findall(r"127\.0\.0\.1:(\d+)", prometheus) == [str(int(port) + 20_000) for port in before]


def test_without_an_address_nobody_is_told_and_with_one_every_receiver_tells_it(tmp_path: Path) -> None:
    assert "webhook" not in written(tmp_path)[1]
    _prometheus, alertmanager = written(tmp_path, ALERT_WEBHOOK_URL="http://127.0.0.1:1/alerts")
    assert alertmanager.count('webhook_configs: [{ url: "http://127.0.0.1:1/alerts" }]') == 2
    assert (tmp_path / "alertmanager.yml").stat().st_mode & 0o077 == 0


def test_without_a_stack_or_without_the_programs_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HABRIO_HOME", str(tmp_path / "home"))
    assert main(["monitor"]) == 1
    assert "No stack runs here: `make run`" in capsys.readouterr().err

    monkeypatch.setenv("PATH", str(tmp_path))
    home = Home(tmp_path / "home")
    home.make()
    with home.lock() or pytest.fail("somebody holds the new home"):
        home.write_state({"phase": "ready", "ports": {}})
        assert main(["monitor"]) == 1
    assert "apt-get install prometheus prometheus-alertmanager" in capsys.readouterr().err


def test_what_is_no_backup_and_a_home_with_data_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HABRIO_HOME", str(tmp_path / "home"))
    kept = tmp_path / "kept"
    kept.mkdir()
    assert main(["restore", str(kept)]) == 1
    assert "it has no database.dump" in capsys.readouterr().err
    (kept / "database.dump").touch()
    (tmp_path / "home" / "postgres").mkdir(parents=True)
    (tmp_path / "home" / "postgres" / "PG_VERSION").touch()
    assert main(["restore", str(kept)]) == 1
    assert "has data already" in capsys.readouterr().err
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/data.db")
    assert main(["restore", str(kept)]) == 1
    assert "deploy/postgres/backup.sh" in capsys.readouterr().err
