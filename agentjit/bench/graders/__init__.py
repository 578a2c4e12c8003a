"""Grading a run by the original evaluators, each of which has a Python of its own."""
