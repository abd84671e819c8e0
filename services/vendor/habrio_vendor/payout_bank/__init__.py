"""Where a vendor's money goes: one bank account each."""
