"""What the numbers say: pure maths over columns of the ledger, with numpy and the standard library alone."""
