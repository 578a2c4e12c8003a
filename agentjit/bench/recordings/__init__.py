"""Recordings: the browser actions by which a task's reference plan does it, for step loops."""
