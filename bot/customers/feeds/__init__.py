"""What other systems know, taken in: exports, watched folders and live events, read as a mapping file says."""
