"""From captures to articles as the page has them: bytes in, article or reason out."""
