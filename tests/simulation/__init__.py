"""A street of tills, customers and owners in one process, with every kind of bad luck, thrown from one seed."""
