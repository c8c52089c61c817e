"""Proposals of nodes from raw files: ticket exports, mails, manuals, FAQs. Knows no seed file."""
