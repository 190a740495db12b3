"""Long trials of the whole command, over real pages with faults and kills, for ``scripts/trial``."""
