"""Integration checks: machine checks of a partner's own integration, and where they run in the product."""
