"""Publishing: what staff change in the library becomes what questions are answered from, and back."""
