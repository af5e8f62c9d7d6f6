"""What people's hands can do in the workspace, one file for each kind of thing they do."""
