"""Bytes -> Block[]: decode, parse, cut into blocks."""

from newsclean.page.parse import Page, parsed, read_page

__all__ = ["Page", "parsed", "read_page"]
