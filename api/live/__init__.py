"""Subscriptions: WebSocket in front, groups of equal subscribers behind, the bus at the back."""
