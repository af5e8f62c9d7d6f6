"""The weekly digest and alerts, by direct message to leads and owners; and the button that stops them."""
