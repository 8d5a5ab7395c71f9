"""What the service can do: one function is one transaction, handed to db.write with a connection; one file per noun."""
