"""JIT-Planner: from a task to several candidate plans, and to the cheapest one that checks."""
