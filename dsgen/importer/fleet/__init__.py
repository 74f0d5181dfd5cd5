"""The manifests of several environments, turned into one profile for each agent and one file for each environment."""
