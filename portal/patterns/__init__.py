"""The page that shows every component with sample data, for those who build pages."""
