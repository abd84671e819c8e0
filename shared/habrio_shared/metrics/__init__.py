"""What Prometheus reads: series with fixed names, right under several processes (ADR 0019)."""
