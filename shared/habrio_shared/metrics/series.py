"""Every series that is counted where it happens, in one place: alerts and dashboards rely on these names and labels.

No label may hold what a client writes: the number of series is bounded by the code, never by the traffic.
"""

from __future__ import annotations

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

REQUEST_SECONDS: Final = Histogram(
    "flask_http_request_duration_seconds",
    "How long a request took, from its arrival in the application to its answer",
    ("method", "route", "status"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
REQUESTS: Final = Counter("flask_http_request_total", "Requests answered", ("method", "route", "status"))
IN_FLIGHT: Final = Gauge("flask_http_requests_in_flight", "Requests being answered now", multiprocess_mode="livesum")
ERRORS: Final = Counter(
    "flask_error_total",
    "Answers in the error envelope, by its `error`; a fault of ours by the name of its exception",
    ("route", "error"),
)

QUERY_SECONDS: Final = Histogram(
    "db_query_duration_seconds",
    "How long the database took for one statement, failed ones included",
    ("operation",),
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)

TASKS: Final = Counter("habrio_tasks_total", "Runs of Celery tasks by how they stand", ("task", "state"))
TASK_SECONDS: Final = Histogram(
    "habrio_task_duration_seconds",
    "How long one run of a Celery task took, however it ended",
    ("task",),
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300),
)

OTPS: Final = Counter(
    "habrio_otps_total",
    "One-time passwords: sent|refused (too many were asked for), verified|wrong, delivered|delivery_failed (for good)",
    ("outcome",),
)
ORDER_MOVES: Final = Counter(
    "habrio_order_moves_total",
    "Orders that came to a status, in the rows of one side: vendor, who decides, or consumer, who follows",
    ("status", "side"),
)
MONEY_MOVED: Final = Counter(
    "habrio_money_moved_paise_total", "What the ledger's postings moved, by the kind of their entry", ("flow",)
)
