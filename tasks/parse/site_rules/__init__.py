"""What is known of single sites, as data: YAML files that say what to leave out and where a field stands.

Reading order: model, read, apply. The form of a file and the order of belief: docs/site-rules.md.
"""

from tasks.parse.site_rules.model import RuleBook, SiteRule
from tasks.parse.site_rules.read import load_rules

__all__ = ["RuleBook", "SiteRule", "load_rules"]
