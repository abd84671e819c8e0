"""The admin service: what an administrator sees. It owns only its own tables and asks the others for theirs."""
