"""The commands behind `skinbot`: each loads what it needs, says it on the terminal, and ends with an exit code."""
