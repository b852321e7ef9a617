"""Several processes over one state: what one of them answered, each of them shows at once."""
