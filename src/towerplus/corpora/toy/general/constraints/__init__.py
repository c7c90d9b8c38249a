"""Instructions with checkable constraints over simple content; each file has a `make(rng, world) -> Item`."""
