"""What a person is shown when the way they share looks unusual: nobody has to, and how to stop."""
