"""The pure vocabulary that every room shares: money, time, periods, references, permissions, errors."""
