"""Whose requests are traced."""

from __future__ import annotations

from collections.abc import Sequence

from opentelemetry.context import Context
from opentelemetry.sdk.trace.sampling import (
    ALWAYS_OFF,
    ALWAYS_ON,
    Decision,
    ParentBased,
    Sampler,
    SamplingResult,
    TraceIdRatioBased,
)
from opentelemetry.trace import Link, SpanKind, TraceState, get_current_span
from opentelemetry.util.types import Attributes

from habrio_shared.settings import Settings

PARENT_BASED = "parentbased_"


def sampler_of(settings: Settings, *, is_front_door: bool) -> Sampler:
    """What OTEL_TRACES_SAMPLER names, but that a front door does not believe what a client's trace context says of it.

    Its sampled flag then neither switches a trace off nor makes us export it. The ratio goes by the trace id, so that
    all who decide anew decide alike.
    """
    name = settings.otel_traces_sampler.removeprefix(PARENT_BASED)
    chosen: Sampler = {
        "always_on": ALWAYS_ON,
        "always_off": ALWAYS_OFF,
        "traceidratio": TraceIdRatioBased(settings.otel_traces_sampler_arg),
    }[name]
    if name != settings.otel_traces_sampler:
        chosen = ParentBased(chosen, chosen, chosen) if is_front_door else ParentBased(chosen)
    return NoPolls(chosen)


class NoPolls(Sampler):
    """A call or a query that no request or task asked for is a look for work: each would be a trace of its own."""

    def __init__(self, others: Sampler) -> None:
        self._others = others

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        if kind is SpanKind.CLIENT and not get_current_span(parent_context).get_span_context().is_valid:
            return SamplingResult(Decision.DROP)
        return self._others.should_sample(parent_context, trace_id, name, kind, attributes, links, trace_state)

    def get_description(self) -> str:
        return f"NoPolls({self._others.get_description()})"
