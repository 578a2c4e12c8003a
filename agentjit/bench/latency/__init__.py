"""The latency comparison: systems side by side on the same tasks, and what came of it."""
