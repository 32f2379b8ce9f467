"""Launch: what a partner prepares so that merchants find and understand the integration."""
