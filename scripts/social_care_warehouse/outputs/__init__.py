"""Tables that may leave the secure environment, and the proof that nobody can be found in them."""
