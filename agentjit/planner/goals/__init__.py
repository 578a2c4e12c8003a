"""Goals: what a task comes to, before anybody has thought of how; and the plans for them."""
