"""The one exception that users see."""


class UserError(Exception):
    """Bad input, told in one line: what is wrong, where, and what to do. The command line prints it and exits with 2.

    Attributes:
        where: a place such as ``data.tsv:17`` or a recipe key such as ``stages.sft.learning_rate``; may be empty.
    """

    def __init__(self, message: str, where: str = ""):
        super().__init__(f"{where}: {message}" if where else message)
        self.where = where
