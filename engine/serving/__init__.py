"""The parts of the engine process: the socket in front, one thread that computes behind it."""
