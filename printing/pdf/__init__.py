"""Documents as PDF: fonts embedded, text searchable, codes that decode."""
