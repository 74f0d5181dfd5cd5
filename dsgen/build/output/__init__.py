"""Writing files atomically: a profile's folder is updated as a whole, or not at all."""
