"""Random chaos: people who keep exact books use the platform while a seeded nemesis breaks its parts.

`python -m tests.chaos --seconds 600 --seed 1`, or `make chaos SECONDS=600 SEED=1`; RESULTS.md says how to read it.
"""
