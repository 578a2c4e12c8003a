"""agentjit: a compiler for web tasks."""
