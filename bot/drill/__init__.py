"""The drill: made-up cries through the whole way in, so that an operator sees that the path works."""
