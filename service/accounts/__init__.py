"""Accounts: who may use the desks, how they show that they are who they say, and for how long."""
