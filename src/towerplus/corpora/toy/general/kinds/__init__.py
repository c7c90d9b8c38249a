"""Kinds of question with one right answer; each file has a `make(rng, world) -> Item`."""
