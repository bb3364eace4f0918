"""Word documents: styles, tables, pictures and accessibility; knows no subject."""
