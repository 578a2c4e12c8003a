"""Reddit: a replica of a forum site that behaves as Postmill does."""
