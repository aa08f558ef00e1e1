"""Our warehouse against other ways to the same answer: time, processor, memory, and agreement."""
