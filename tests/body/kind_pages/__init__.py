"""Invented pages of all kinds, made by themes: what they show, and what they are."""
