"""Figure blocks, our own pictures, and plots."""
