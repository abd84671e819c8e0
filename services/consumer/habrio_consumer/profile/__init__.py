"""Who a consumer is beyond what auth knows."""
