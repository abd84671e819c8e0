"""What the admin service reads of one shop, one vendor, one order: of several features at once."""
