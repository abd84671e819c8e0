"""The house's rules that a machine can check: what may import what, how long things are, what may be committed."""

from __future__ import annotations

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVICES = sorted(path.name for path in (ROOT / "services").iterdir() if (path / "pyproject.toml").exists())
TOP_LEVEL = {
    *("services", "gateway", "shared", "deploy", "monitoring", "postman", "tests"),
    *("docker-compose.yml", "Makefile", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "Dockerfile"),
    *("pyproject.toml", "requirements.txt", "requirements-dev.txt"),
    *(".github", ".ci", ".gitignore", ".dockerignore", ".env.example"),
}
MODULE_LINES_MAX = 400
FUNCTION_LINES_MAX = 70

LAYERS = {
    "routes": {"verbs", "queries", "models", "schemas", "errors", "rules", "clients"},
    "tasks": {"verbs", "queries", "models", "schemas", "errors", "rules", "clients"},
    "on": {"verbs", "queries", "models", "schemas", "errors", "rules"},
    "verbs": {"verbs", "queries", "models", "schemas", "errors", "rules", "clients"},
    "queries": {"queries", "models", "schemas", "errors", "rules"},
    "clients": {"errors", "schemas"},
    "schemas": {"rules", "schemas"},
    "errors": {"rules"},
    "models": {"models", "rules"},
    "rules": {"rules"},
}
"""A layer may import these of its own service; routes → verbs → queries, clients → models (DESIGN.md §3)."""

WIRING = {"app", "database", "settings", "__init__"}


def tracked() -> list[Path]:
    """Files that are committed or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def sources() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py" and "versions" not in path.parts]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def layer(module: str) -> str:
    """The layer of a module of a service by its dotted name: habrio_vendor.orders.place → verbs."""
    parts = module.split(".")
    if "clients" in parts:
        return "clients"
    name = parts[-1]
    if name.startswith("on_"):
        return "on"
    return name if name in LAYERS or name in WIRING else "verbs"


def service_modules() -> list[tuple[str, Path]]:
    found = []
    for service in SERVICES:
        package = ROOT / "services" / service / f"habrio_{service}"
        for path in sorted(package.rglob("*.py")):
            parts = path.relative_to(package.parent).with_suffix("").parts
            found.append((".".join(parts), path))
    return found


def test_nothing_stands_at_the_top_level_but_what_the_house_names() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in tracked()} <= TOP_LEVEL


@pytest.mark.parametrize(("module", "path"), service_modules(), ids=lambda value: str(value).rpartition("/")[2])
def test_a_service_imports_only_downwards_and_no_other_service(module: str, path: Path) -> None:
    own = module.partition(".")[0]
    known = {name for name, _ in service_modules()}
    foreign = {name for name in imported(path) if re.match(r"habrio_(?!shared)", name) and not name.startswith(own)}
    assert not foreign, f"{module} imports another part of the platform"
    here = layer(module)
    if here in WIRING:
        return
    for name in imported(path) & known:
        there = layer(name)
        if there in {"database", "settings"}:
            continue
        assert there in LAYERS[here], f"{module} ({here}) must not import {name} ({there})"


def test_rules_are_pure() -> None:
    for module, path in service_modules():
        if module.endswith(".rules"):
            roots = {name.partition(".")[0] for name in imported(path)}
            assert not roots & {"flask", "sqlalchemy", "requests", "time", "celery"}, f"{module} is not pure"


def test_shared_imports_no_service() -> None:
    for path in (ROOT / "shared").rglob("*.py"):
        assert not [name for name in imported(path) if re.match(r"habrio_(?!shared)", name)], path


def test_only_the_agent_knows_the_models_package() -> None:
    """Where there is no agent nobody pays for it; migrations, workers and the gateway import the others alone."""
    for path in sources():
        if not {"agent", "tests"} & set(path.relative_to(ROOT).parts):
            roots = {name.partition(".")[0] for name in imported(path)}
            assert not roots & {"openai", "httpx2", "habrio_agent"}, path.relative_to(ROOT)


def test_modules_and_functions_stay_small() -> None:
    for path in sources():
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if "tests" not in path.relative_to(ROOT).parts:
            assert lines <= MODULE_LINES_MAX, f"{path.relative_to(ROOT)} has {lines} lines"
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                assert length <= FUNCTION_LINES_MAX, f"{path.relative_to(ROOT)}:{node.name} has {length} lines"


def test_every_exemption_from_a_check_says_why() -> None:
    ignore, noqa = r"type:\s*ignore(?:\[[\w\-, ]+\])?", r"noqa(?::\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)?"
    exemption = re.compile(rf"#\s*(?:{ignore}|{noqa})(?P<reason>.*)$")
    for path in sources():
        if path == Path(__file__).resolve():
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            found = exemption.search(line)
            if found:
                letters = re.sub(r"[\W_]+", "", found["reason"])
                assert len(letters) > 8, f"{path.relative_to(ROOT)}:{number}: {line.strip()}"


def test_no_broad_except_but_at_the_outermost_edge() -> None:
    for path in sources():
        if "tests" in path.relative_to(ROOT).parts:
            continue
        text = path.read_text(encoding="utf-8").splitlines()
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.ExceptHandler):
                continue
            name = node.type.id if isinstance(node.type, ast.Name) else ""
            if node.type is None or name in ("Exception", "BaseException"):
                assert "edge" in "\n".join(text[node.lineno - 2 : node.lineno + 2]), f"{path.name}:{node.lineno}"


def test_pins_agree_everywhere() -> None:
    def normal(name: str) -> str:
        return re.sub(r"[-_.]+", "-", re.sub(r"\[.*\]", "", name)).lower()

    pinned: dict[str, set[str]] = {}
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        requirement = line.split(";")[0].split("#")[0].rstrip(" \\").strip()
        if "==" in requirement and not requirement.startswith("-"):
            name, _, version = requirement.partition("==")
            pinned.setdefault(normal(name), set()).add(version.strip())
    for project in sorted(ROOT.glob("*/pyproject.toml")) + sorted(ROOT.glob("*/*/pyproject.toml")):
        for requirement in re.findall(r'^\s+"([\w\-\[\].]+(?:==[^"]+)?)",?$', project.read_text(), re.MULTILINE):
            name, _, version = requirement.partition("==")
            if normal(name).startswith("habrio-"):
                continue
            if "==" not in requirement:
                continue
            assert version in pinned.get(normal(name), set()), f"{project.relative_to(ROOT)}: {requirement}"


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_pin_has_hashes(name: str) -> None:
    """A line put in by hand has none: `make requirements` writes these files (ADR 0024)."""
    pins = re.split(r"\n(?=[^\s#])", (ROOT / name).read_text(encoding="utf-8"))
    assert [pin for pin in pins if "==" in pin.splitlines()[0] and "--hash=sha256:" not in pin] == []


def test_nothing_names_a_registry_host_or_a_path_of_some_machine() -> None:
    forbidden = re.compile(r"(?:index-url|find-links|https?://[\w.]*(?:pypi|pythonhosted|npmjs))|/root/\w|/home/\w")
    for path in tracked():
        if path == Path(__file__).resolve() or path.suffix in {".png", ".ico"}:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            assert not forbidden.search(line), f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
