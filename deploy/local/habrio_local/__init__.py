"""The local platform: PostgreSQL, Valkey, nginx, the gateway, the services and their workers under one supervisor.

`python -m habrio_local run` is what `make run` calls. Nothing here runs in a container or in production.
"""
