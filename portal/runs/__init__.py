"""What every run has in common: steps as they are recorded, pages that show, compare and share them."""
