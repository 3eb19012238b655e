"""The library behind the hooks and the command. Pure functions, but for the network code in `refresh`."""

__version__ = "1.1.0"
