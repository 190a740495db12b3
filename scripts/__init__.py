"""What continuous integration and people call."""
