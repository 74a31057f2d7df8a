"""Answers: generation token by token, and what a model thought of each token."""
