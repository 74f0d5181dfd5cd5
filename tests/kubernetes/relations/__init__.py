"""What is wrong between objects that are seen together: both sides of each rule."""
