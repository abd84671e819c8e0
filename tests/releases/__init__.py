"""Deployments one part at a time: the previous release beside this one, on this one's schemas, through the journeys."""
