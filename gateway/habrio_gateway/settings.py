"""Settings of the gateway's Python process."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, SecretStr

from habrio_shared.limiter import LimitedSettings, RateLimit
from habrio_shared.settings import SecretList


class GatewaySettings(LimitedSettings):
    """The verifier's secrets, and where it finds sessions.

    `auth_view_url` is auth's database, read only.
    """

    service: ClassVar[str] = "gateway"

    jwt_secret: SecretStr
    jwt_previous_secrets: SecretList = Field(default_factory=list)
    access_token_seconds: int = Field(default=900, ge=1)
    auth_view_url: str
    default_limit_per_user: RateLimit = Field(default="3000 per hour", description="requests by one person")
    default_limit_per_ip: RateLimit = Field(default="3000 per hour", description="requests from one network address")
    metrics_token: SecretStr | None = None
    auth_worker_url: str = "http://127.0.0.1:8021"
    consumer_worker_url: str = "http://127.0.0.1:8022"
    vendor_worker_url: str = "http://127.0.0.1:8023"
    admin_worker_url: str = "http://127.0.0.1:8024"
    agent_worker_url: str = "http://127.0.0.1:8025"
    openai_api_key: SecretStr | None = None
    openapi_dir: str = ""

    @property
    def with_agent(self) -> bool:
        """Whether the agent service is part of this platform (API.md, "Agent service")."""
        return self.openai_api_key is not None

    @property
    def worker_urls(self) -> dict[str, str]:
        """Where each service's worker serves its metrics."""
        return {
            "auth": self.auth_worker_url,
            "consumer": self.consumer_worker_url,
            "vendor": self.vendor_worker_url,
            "admin": self.admin_worker_url,
            "agent": self.agent_worker_url,
        }
