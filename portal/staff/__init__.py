"""The rest of the staff desk: registrations, partners, accounts, mail that could not be delivered, the audit log."""
