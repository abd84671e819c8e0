"""Many items from one sheet: .csv, .xls and .xlsx files, accepted at once and worked off by the service's worker."""
