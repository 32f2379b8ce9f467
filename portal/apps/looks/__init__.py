"""What the pre-flight looks at, by subject. Every look takes the app, its surroundings and what is asked, and yields findings."""
