"""Post-train language models that translate like specialists and stay good generalists."""

__version__ = "0.1.0"
