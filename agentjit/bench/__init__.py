"""From systems under test to a fair table of their latencies."""
