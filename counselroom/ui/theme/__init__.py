"""Design tokens as colours, fonts, palette, style sheet and icons."""
