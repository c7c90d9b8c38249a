"""Instructions with verifiable constraints, in the manner of IFEval (arXiv 2311.07911): one file a family.

Counts take `count` and `relation`: "exactly", "at least", "at most", "less than" or "more than". An empty response
and a mere repetition of the prompt fail every kind.
"""
