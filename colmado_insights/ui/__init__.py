"""What one sees: PySide6."""
