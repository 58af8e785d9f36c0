"""Figures: how often something happened on a day. No row can hold a question, or tell of a person."""

from sqlalchemy import Column, Date, Integer, String, Table

from service.storage.tables.base import metadata

figures = Table(
    "figures",
    metadata,
    Column("day", Date, primary_key=True),  # in UTC
    Column("kind", String(20), primary_key=True),  # service.figures.Kind
    Column("label", String(80), primary_key=True),  # one of a fixed few for each kind; a generation's name
    Column("times", Integer, nullable=False),
)
