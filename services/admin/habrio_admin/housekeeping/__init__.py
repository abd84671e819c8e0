"""What is tidied up now and then."""
