"""What the model is held against: the plans' own numbers."""
