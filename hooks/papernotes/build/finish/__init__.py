"""The built page made fit to publish: the theme's faults, one style sheet, the policy, the worker."""
