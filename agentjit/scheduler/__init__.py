"""JIT-Scheduler: decides what happens next in a run; it never does any of it itself."""
