"""The replica: its two doors (people, server), outbox; and a folder a slice, with what screens read of it."""
