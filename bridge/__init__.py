"""threadline: text messages answered from where people already work."""

__version__ = "0.1.0"
