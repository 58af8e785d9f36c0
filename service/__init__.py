"""A question in, a cited answer out: screening, evidence, wording, the API and the pages."""
