"""How things are shown: words, figures; used by results themselves and by reports."""
