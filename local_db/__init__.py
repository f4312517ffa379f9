"""The replica: its two doors (people, server), outbox, queries."""
