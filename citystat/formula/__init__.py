"""The formula of a derived measure: words → tree → unit → values. It is read, never run as code."""
