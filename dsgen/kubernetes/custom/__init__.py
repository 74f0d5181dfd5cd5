"""Custom resources: validated by their CustomResourceDefinitions, as the API server does."""
