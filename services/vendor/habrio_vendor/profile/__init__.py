"""Who the vendor is as a business."""
