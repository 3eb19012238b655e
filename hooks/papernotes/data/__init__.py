"""The records of the site: papers, terms, the ledger, and the Site that holds them."""
