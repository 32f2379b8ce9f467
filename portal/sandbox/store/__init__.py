"""The sandbox's database: tables made from the kinds, transactions, and the world that behaviour works on."""
