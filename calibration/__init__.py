"""What the model is held against: the plans' own numbers, the past, flows; and what is learnt."""
