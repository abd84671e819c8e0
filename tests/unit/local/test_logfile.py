"""Log files are bounded."""

from __future__ import annotations

from pathlib import Path

from habrio_local.logfile import LogFile, last_lines


def test_a_full_log_begins_anew_and_keeps_one_older_generation(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "auth.log", size_max_bytes=100)
    for number in range(50):
        log.write(b"line %03d\n" % number)
    log.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["auth.log", "auth.log.1"]
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 200
    assert last_lines(tmp_path / "auth.log", 2) == ["line 048", "line 049"]
    assert last_lines(tmp_path / "absent.log", 2) == []
