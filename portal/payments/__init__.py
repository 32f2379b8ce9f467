"""The billing request run, and what a connected account's payments tell."""
