"""The monthly report: what an owner hands to whoever keeps the books, or reads in the evening, as a PDF."""
