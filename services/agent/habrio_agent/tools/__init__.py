"""What the model may ask of the platform: reads, and nothing else."""
