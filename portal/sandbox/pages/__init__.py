"""The hosted pages: consent, sign-up, payer pages, test bank, verification. All of them work without JavaScript."""
