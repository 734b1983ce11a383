"""The embedded database, for the same journeys on one machine."""
import os
import sqlite3


class SQLiteFile:
    """A file that the one server writes; it is only read here, and only once that server has ended."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "portal.sqlite")

    def start(self):
        """Its address; there is nothing to start."""
        return f"sqlite:{self.path}"

    def end(self):
        """It goes with its folder."""

    def rows(self, statement):
        connection = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)
        try:
            rows = connection.execute(statement).fetchall()
            return [tuple("" if value is None else str(value) for value in row) for row in rows]
        finally:
            connection.close()
