"""From URLs to captures: polite, bounded, and durable before anyone reads a page."""
