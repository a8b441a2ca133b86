"""Electronic signatures of papers: what they are written as, and what came of checking one."""
