"""The client: wrk, with one connection a thread, each walking its own people through a scenario's steps."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

SCRIPT: Final = """
local threads_made = 0
function setup(thread)
  thread:set("number", threads_made)
  threads_made = threads_made + 1
end

function init(args)
  local threads = tonumber(args[2])
  walks, who, step = {}, 1, 0
  asked_for_trial = number > 0
  local at = 0
  for walk in io.lines(args[1]) do
    if at % threads == number then
      local steps = {}
      for raw in walk:gmatch("[^\\1]+") do steps[#steps + 1] = raw:gsub("\\2", "\\r\\n"):gsub("\\3", "\\n") end
      walks[#walks + 1] = steps
    end
    at = at + 1
  end
end

function request()
  if not asked_for_trial then  -- wrk asks the first thread for a request that it does not send
    asked_for_trial = true
    return walks[1][1]
  end
  step = step + 1
  if step > #walks[who] then
    step, who = 1, who % #walks + 1
  end
  return walks[who][step]
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\\nBENCH {"requests": %d, "seconds": %f, "p50": %f, "p95": %f, "p99": %f, "errors": %d}\\n',
    summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
"""


@dataclass(frozen=True)
class Request:
    """One request as it goes over the wire."""

    method: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any] | None = None

    def raw(self, host: str) -> str:
        body = "" if self.body is None else json.dumps(self.body)
        headers = {"Host": host, **self.headers}
        if body or self.method == "POST":
            headers |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
        lines = [f"{self.method} {self.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join(lines) + "\r\n\r\n" + body


@dataclass(frozen=True)
class Run:
    """What one run saw; latencies in milliseconds."""

    requests: int
    seconds: float
    p50: float
    p95: float
    p99: float
    errors: int

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


def binary() -> str | None:
    """Where wrk is, if it is installed."""
    return shutil.which("wrk")


def run(folder: Path, url: str, walks: Sequence[Sequence[Request]], *, connections: int, seconds: float) -> Run:
    """Let so many connections walk for so long; each walk is one person's, and is never walked by two at once."""
    host = url.partition("://")[2]
    script, data = folder / "walk.lua", folder / "walks.txt"
    script.write_text(SCRIPT)
    lines = ("\1".join(step.raw(host).replace("\r\n", "\2").replace("\n", "\3") for step in walk) for walk in walks)
    data.write_text("\n".join(lines) + "\n")
    threads = min(connections, len(walks))
    done = subprocess.run(
        [
            *(binary() or "wrk", f"-t{threads}", f"-c{threads}", f"-d{seconds:.0f}s", "-s", str(script), url),
            *("--", str(data), str(threads)),
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=seconds + 60,
    )
    line = next(line for line in done.stdout.splitlines() if line.startswith("BENCH "))
    return Run(**json.loads(line.removeprefix("BENCH ")))
