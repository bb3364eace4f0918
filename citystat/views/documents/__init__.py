"""The office's templates for Word files."""
