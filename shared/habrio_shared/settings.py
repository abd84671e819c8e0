"""Settings: typed, read once at start, from the environment or from files.

Each setting `X` is taken from the first of: `<SERVICE>_X`, `X`, the file that `X_FILE` names, `/run/secrets/x`.
An empty variable counts as not given.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)

from habrio_shared import faults

AppEnv = Literal["development", "testing", "staging", "production"]
SECRETS_DIR = Path("/run/secrets")
SECRET_LENGTH_MIN = 32
CHOSEN_BY_OTHERS = frozenset({"openai_api_key"})
"""Keys that somebody else's service gave us: how they look is not ours to judge."""

COMMON_SECRETS = ("changeme", "secret", "password", "default", "example", "test", "dev")


def is_weak(secret: str) -> bool:
    """Whether staging and production refuse it: too short to be random, or with a word that everybody tries first."""
    return len(secret) < SECRET_LENGTH_MIN or any(common in secret.lower() for common in COMMON_SECRETS)


def _list_of_secrets(given: Any) -> Any:
    if not isinstance(given, str):
        return given
    if given.lstrip().startswith("["):
        return json.loads(given)
    return [secret.strip() for secret in given.split(",") if secret.strip()]


SecretList = Annotated[list[SecretStr], NoDecode, BeforeValidator(_list_of_secrets)]
"""Several secrets in one variable: a JSON list, or separated by commas."""


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError) as error:
        raise ValueError(f"TIME_ZONE: {name!r} is not the name of a time zone, such as Asia/Kolkata") from error
    return name


ZoneName = Annotated[str, AfterValidator(_known_zone)]
"""The name of a time zone that is known here: "Asia/Kolkata"."""


def _with_scheme(url: str) -> str:
    if url and not url.startswith(("http://", "https://")):
        raise ValueError(f"OTEL_EXPORTER_OTLP_ENDPOINT: {url!r} does not begin with http:// or https://")
    return url


Sampler = Literal[
    "always_on",
    "always_off",
    "traceidratio",
    "parentbased_always_on",
    "parentbased_always_off",
    "parentbased_traceidratio",
]
"""OpenTelemetry's own names."""


class _FileSource(EnvSettingsSource):
    """`X_FILE=/path` gives X the content of that file, without the white space around it."""

    def _load_env_vars(self) -> dict[str, str | None]:
        files = {
            name.lower().removesuffix("_file"): path for name, path in os.environ.items() if name.endswith("_FILE")
        }
        return {
            name: Path(path).read_text(encoding="utf-8").strip()
            for name, path in files.items()
            if path and name in self.settings_cls.model_fields
        }


class Settings(BaseSettings):
    """What every process of the platform needs. `service` names the process in logs, metrics and tokens."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True)

    service: ClassVar[str] = "shared"

    app_env: AppEnv = "development"
    log_level: str = "INFO"
    log_format: Literal["json", "text"] = "json"
    internal_secret: SecretStr | None = None
    internal_keys: dict[str, SecretStr] = Field(default_factory=dict)
    internal_token_seconds: int = Field(default=30, ge=1, le=300)
    faults: str = ""
    redis_url: str = "redis://127.0.0.1:6379/0"
    otel_exporter_otlp_endpoint: Annotated[str, AfterValidator(_with_scheme)] = ""
    otel_traces_sampler: Sampler = "parentbased_always_on"
    otel_traces_sampler_arg: float = Field(default=1.0, ge=0, le=1)

    auth_url: str = "http://127.0.0.1:8011"
    consumer_url: str = "http://127.0.0.1:8012"
    vendor_url: str = "http://127.0.0.1:8013"
    admin_url: str = "http://127.0.0.1:8014"
    agent_url: str = "http://127.0.0.1:8015"

    @property
    def is_strict(self) -> bool:
        """True in staging and production: weak secrets, faults and test support are refused there."""
        return self.app_env in ("staging", "production")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 — the library's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 — the library's signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        sources = [init_settings, EnvSettingsSource(settings_cls, env_prefix=f"{cls.service}_"), env_settings]
        sources.append(_FileSource(settings_cls))
        if SECRETS_DIR.is_dir():
            sources.append(SecretsSettingsSource(settings_cls, secrets_dir=SECRETS_DIR))
        return tuple(sources)

    def secrets(self) -> dict[str, str]:
        """Every secret that is set, by name; lists give one entry an element."""
        found: dict[str, str] = {}
        for name in type(self).model_fields:
            value: Any = getattr(self, name)
            values = value if isinstance(value, list) else [value]
            for index, secret in enumerate(values):
                if isinstance(secret, SecretStr):
                    found[name if index == 0 else f"{name}[{index}]"] = secret.get_secret_value()
        return found

    @model_validator(mode="after")
    def _refuse_what_production_must_not_have(self) -> Self:
        faults.parse(self.faults)
        if not self.is_strict:
            return self
        if self.faults:
            raise ValueError("FAULTS is for tests; it is refused in staging and production")
        secrets = self.secrets()
        for name, value in secrets.items():
            if name in CHOSEN_BY_OTHERS:
                continue
            if is_weak(value):
                raise ValueError(f"{name.upper()} is too weak: give {SECRET_LENGTH_MIN} or more random characters")
        if len(set(secrets.values())) < len(secrets):
            raise ValueError("two secrets are equal; each needs a value of its own")
        return self


def sqlalchemy_url(url: str, service: str) -> str:
    """A DATABASE_URL as SQLAlchemy wants it: psycopg 3, or an SQLite file of the service's own (data-<service>.db)."""
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    if url.startswith("sqlite:///") and url.endswith(".db") and not url.endswith(f"-{service}.db"):
        return f"{url.removesuffix('.db')}-{service}.db"
    return url


class ServiceSettings(Settings):
    """What a service with a database needs on top."""

    secret_key: SecretStr | None = None
    database_url: str
    database_pool_size: int = Field(default=8, ge=1)
    database_statement_timeout_ms: int = Field(default=5000, ge=100)
    celery_broker_url: str = ""
    celery_result_backend: str = ""
    metrics_port: int | None = Field(default=None, ge=1, le=65535)
    metrics_bind: str = "0.0.0.0"  # noqa: S104 — nothing is served unless the port is given; a container's is its own
    allow_db_migrations: bool = False

    @property
    def service_database_url(self) -> str:
        """The URL for SQLAlchemy."""
        return sqlalchemy_url(self.database_url, self.service)

    @property
    def broker_url(self) -> str:
        return self.celery_broker_url or self.redis_url
