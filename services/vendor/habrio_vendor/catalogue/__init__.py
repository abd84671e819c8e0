"""The catalogue as the residents of a society see it."""
