"""Group 4, threads, generators and callbacks: code that runs in another Context than it seems to."""
