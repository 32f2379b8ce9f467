"""What can be said on the command line, one file a command."""
