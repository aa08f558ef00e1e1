"""What each release of the extracts hides of lives that are known: `make misclassification`."""
