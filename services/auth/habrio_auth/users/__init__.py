"""Who somebody is: phone, name, society, role, standing."""
