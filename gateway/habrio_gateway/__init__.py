"""The front door: nginx's configuration, the verifier that nginx asks, docs, health."""
