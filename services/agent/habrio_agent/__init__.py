"""The agent service: answers questions with what the person who asks may read, and keeps the conversation."""
