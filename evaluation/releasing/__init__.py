"""Releasing: does anybody who asks notice that a summary is published or taken back."""
