"""How the tables came to be what they are. One file a change; never edit one that was released."""
