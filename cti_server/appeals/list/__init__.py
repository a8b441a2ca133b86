"""The register of appeals as a list: filtered, kept as a view, exported."""
