"""The recipes that come with the package; `tower run NAME` finds them here."""
