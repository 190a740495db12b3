"""The version of newsclean and of the records that it writes."""

__version__ = "0.1.0"

SCHEMA_VERSION = 1
"""Version of the JSON records and of the catalogue; raised when a field changes its meaning."""
