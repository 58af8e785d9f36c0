"""Tests of plaincite: one file a module, each docstring a sentence about behaviour."""
