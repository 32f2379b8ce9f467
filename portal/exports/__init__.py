"""What is taken out of the portal: a submission as a PDF and as an archive, all data of a partner, and its deletion."""
