"""What starts things: the commands behind ./run, each module answering one question."""
