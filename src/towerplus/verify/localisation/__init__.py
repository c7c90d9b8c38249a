"""Whether a translation writes dates, times, numbers, amounts and measures as its locale does, and keeps a glossary."""
