"""Live: the library that is answered from now; another one takes its place in one step."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from service.library import Library


class Live:
    """Holds the library in use. A request keeps the one that it began with.

    Attributes:
        library: what is answered from now.
    """

    def __init__(self, library: "Library") -> None:
        self.library = library

    def switch(self, library: "Library") -> None:
        """Answers from another library from now on."""
        self.library = library
