"""My Account, also called Company Profile: what a partner tells about itself."""
